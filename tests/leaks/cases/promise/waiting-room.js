// @leak promise: waiting|Promise +360
'use strict';
// A semaphore that hands out promises and forgets to let anyone in.
const measure = require('./measure');

class Semaphore {
  constructor(places) {
    this.places = places;
    this.waiting = [];
  }

  acquire() {
    if (this.places > 0) {
      this.places--;
      return Promise.resolve();
    }
    return new Promise(resolve => this.waiting.push(resolve));
  }
}

const gate = new Semaphore(3);

measure(round => {
  for (let i = 0; i < 120; i++) gate.acquire().then(() => round + i);
});
