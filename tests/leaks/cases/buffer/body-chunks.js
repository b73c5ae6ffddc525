// @leak buffer: chunks +45
'use strict';
const { Buffer } = require('node:buffer');
const measure = require('./measure');

class Recorder {
  constructor() {
    this.chunks = [];
    this.bytes = 0;
  }

  record(chunk) {
    this.chunks.push(Buffer.from(chunk));
    this.bytes += chunk.length;
  }
}

const recorder = new Recorder();

measure(round => {
  for (let i = 0; i < 15; i++) recorder.record(new Uint8Array(12_000).fill(round));
});
