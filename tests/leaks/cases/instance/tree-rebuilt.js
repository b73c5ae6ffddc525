// @healthy
'use strict';
const measure = require('./measure');

class Leaf {
  constructor(key, value) {
    this.key = key;
    this.value = value;
    this.low = this.high = null;
  }
}

let root = null;

function insert(key, value) {
  if (!root) return void (root = new Leaf(key, value));
  for (let at = root; ;) {
    const side = key < at.key ? 'low' : 'high';
    if (!at[side]) return void (at[side] = new Leaf(key, value));
    at = at[side];
  }
}

measure(round => {
  root = null;
  for (let i = 0; i < 500; i++) insert((i * 7919) % 500, { round, i });
});
