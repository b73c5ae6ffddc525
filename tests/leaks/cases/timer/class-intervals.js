// @leak timer: Monitor|ping +150
'use strict';
const measure = require('./measure');

class Monitor {
  #timer;
  history = new Array(25).fill(0);

  constructor(host) {
    this.host = host;
    this.#timer = setInterval(this.ping.bind(this), 30_000);
  }

  ping() { // LEAK HERE
    this.history.shift();
    this.history.push(this.host.length);
  }

  stop() {
    clearInterval(this.#timer);
  }
}

measure(round => {
  for (let i = 0; i < 50; i++) new Monitor(`host-${round}-${i}`);
});
