// @leak stream: ArchiveSink|archive +360
'use strict';
// The sink never calls back, and nobody looks at what write() returns.
const { Writable } = require('node:stream');
const measure = require('./measure');

class ArchiveSink extends Writable {
  _write(chunk, encoding, callback) {
    this.stalled = callback;
  }
}

const archive = new ArchiveSink();

measure(round => {
  for (let i = 0; i < 120; i++) archive.write(`row ${round} ${i} `.repeat(8));
});
