// @healthy
'use strict';
const { Readable, Transform, Writable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const measure = require('./measure');

async function convert(round) {
  let bytes = 0;
  await pipeline(
    Readable.from(Array.from({ length: 20 }, (_, n) => `line ${round}.${n}\n`)),
    new Transform({ transform(chunk, encoding, done) { done(null, chunk.toString().toUpperCase()); } }),
    new Writable({ write(chunk, encoding, done) { bytes += chunk.length; done(); } })
  );
  return bytes;
}

measure(async round => {
  await Promise.all(Array.from({ length: 25 }, () => convert(round)));
  const abandoned = Readable.from([1, 2, 3]);
  abandoned.read();
  abandoned.destroy();
});
