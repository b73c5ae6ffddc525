// @healthy
'use strict';
// The usual LRU of a Map and a list in both directions, at its bound; every entry is replaced between two snapshots.
const measure = require('./measure');

class Entry {
  constructor(key, value) {
    this.key = key;
    this.value = value;
    this.newer = this.older = null;
  }
}

class LruCache {
  constructor(max) {
    this.max = max;
    this.map = new Map();
    this.head = this.tail = null;
  }

  set(key, value) {
    const entry = new Entry(key, value);
    this.map.set(key, entry);
    entry.older = this.head;
    if (this.head) this.head.newer = entry;
    else this.tail = entry;
    this.head = entry;
    if (this.map.size > this.max) this.evict();
  }

  evict() {
    const oldest = this.tail;
    this.tail = oldest.newer;
    this.tail.older = null;
    this.map.delete(oldest.key);
  }
}

const cache = new LruCache(400);

measure(round => {
  for (let i = 0; i < 250; i++) cache.set(`${round}|${i}`, { round, i, tags: ['x', 'y'] });
});
