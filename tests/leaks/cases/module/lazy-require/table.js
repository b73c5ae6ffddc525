'use strict';
const readline = require('node:readline');
const { Transform } = require('node:stream');

class Rows extends Transform {
  split(text) {
    return text.split('\n').map(line => line.split(','));
  }
}

exports.parse = text => new Rows().split(text).filter(row => row.length > 1);
exports.ask = () => readline.createInterface({ input: process.stdin });
