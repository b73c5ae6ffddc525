// @leak listener: resize onResize +150
'use strict';
const { EventEmitter } = require('node:events');
const measure = require('./measure');

const terminal = new EventEmitter().setMaxListeners(0);

class ProgressBar {
  width = 80;
  marks = Array.from({ length: 10 }, (_, n) => ({ n }));

  onResize = columns => { // LEAK HERE
    this.width = columns - 2;
  };

  start() {
    terminal.on('resize', this.onResize);
    return this;
  }
}

measure(round => {
  for (let i = 0; i < 50; i++) new ProgressBar().start();
  terminal.emit('resize', 100 + round);
});
