// @healthy
// @pair B C
'use strict';
// An LRU cache with a limit: each new entry lets go of the oldest.
const measure = require('./measure');

class Entry {
  newer = null;
  older = null;
  constructor(key, value) {
    this.key = key;
    this.value = value;
  }
}

class Lru {
  index = new Map();
  newest = null;
  oldest = null;
  limit = 500;

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
