// @leak listener: abort cancelUpload +150
'use strict';
const measure = require('./measure');

const shutdown = new AbortController();
require('node:events').setMaxListeners(0, shutdown.signal);

async function upload(file, signal) {
  const parts = Array.from({ length: 8 }, (_, n) => ({ n, size: file.size / 8 }));
  const cancelUpload = () => { // LEAK HERE
    parts.length = 0;
  };
  signal.addEventListener('abort', cancelUpload);
  await null;
  return parts.length;
}

measure(async round => {
  await Promise.all(Array.from({ length: 50 }, (_, i) => upload({ name: `f${round}-${i}`, size: 800 }, shutdown.signal)));
});
