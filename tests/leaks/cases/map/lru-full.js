// @healthy
'use strict';
const measure = require('./measure');

class Lru {
  constructor(limit) {
    this.limit = limit;
    this.entries = new Map();
  }

  get(key, make) {
    let value = this.entries.get(key);
    if (value === undefined) value = make(key);
    else this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.limit) this.entries.delete(this.entries.keys().next().value);
    return value;
  }
}

const pages = new Lru(300);

measure(round => {
  for (let i = 0; i < 500; i++) pages.get(`/page/${round}/${i}`, path => ({ path, body: [path, round] }));
});
