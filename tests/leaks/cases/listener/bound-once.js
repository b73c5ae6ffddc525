// @leak listener: finish report +135
'use strict';
// `once` on a process-wide job queue whose jobs never finish.
const { EventEmitter } = require('node:events');
const measure = require('./measure');

const queue = new (class JobQueue extends EventEmitter {})();
queue.setMaxListeners(Infinity);

class Reporter {
  lines = [1, 2, 3].map(n => 'line ' + n);

  watch() {
    queue.once('finish', this.report.bind(this));
  }

  report(result) { // LEAK HERE
    this.lines.push(String(result));
  }
}

measure(round => {
  for (let i = 0; i < 45; i++) new Reporter().watch();
  queue.emit('progress', round);
});
