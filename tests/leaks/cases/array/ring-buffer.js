// @healthy
'use strict';
const measure = require('./measure');

class Ring {
  constructor(size) {
    this.slots = new Array(size).fill(null);
    this.at = 0;
  }

  put(value) {
    this.slots[this.at] = value;
    this.at = (this.at + 1) % this.slots.length;
  }
}

const recent = new Ring(500);
const tail = [];

measure(round => {
  for (let i = 0; i < 700; i++) {
    recent.put({ round, i, text: `line ${round}.${i}` });
    tail.push({ i });
    if (tail.length > 100) tail.splice(0, 1);
  }
});
