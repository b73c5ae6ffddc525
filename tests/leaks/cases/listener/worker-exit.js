// @leak listener: SIGTERM process +120
'use strict';
const measure = require('./measure');

process.setMaxListeners(0);

class Worker {
  constructor(name) {
    this.name = name;
    this.buffer = new Array(20).fill(name);
    process.on('SIGTERM', () => this.stop()); // LEAK HERE
  }

  stop() {
    this.buffer.length = 0;
  }
}

measure(round => {
  for (let i = 0; i < 40; i++) new Worker(`w-${round}-${i}`).buffer.fill(i);
});
