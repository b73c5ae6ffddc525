// @leak map|instance|linked-list: index|Lru Entry +540
'use strict';
// An LRU cache, a Map and a list through its entries, that nobody gave a limit.
const measure = require('./measure');

class Entry { // LEAK HERE
  newer = null;
  older = null;
  constructor(key, value) { // LEAK HERE
    this.key = key;
    this.value = value;
  }
}

class Lru {
  index = new Map();
  newest = null;
  oldest = null;
  limit = Infinity;

  put(key, value) {
    const entry = new Entry(key, value);
    entry.older = this.newest;
    if (this.newest) this.newest.newer = entry;
    this.newest = entry;
    this.oldest ??= entry;
    this.index.set(key, entry);
    while (this.index.size > this.limit) this.drop();
  }

  drop() {
    this.index.delete(this.oldest.key);
    this.oldest = this.oldest.newer;
    this.oldest.older = null;
  }
}

const prices = new Lru();

measure(round => {
  for (let i = 0; i < 180; i++) prices.put(`sku-${round}-${i}`, { price: i, at: round });
});
