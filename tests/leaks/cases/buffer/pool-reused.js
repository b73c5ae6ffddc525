// @healthy
'use strict';
const measure = require('./measure');

const pool = Array.from({ length: 16 }, () => Buffer.alloc(32_768));
const digests = new Array(64).fill(null);

measure(round => {
  for (let i = 0; i < 80; i++) {
    const page = pool[i % pool.length];
    page.fill(round + i);
    digests[i % 64] = Buffer.from(page.subarray(0, 20));
    Buffer.alloc(40_000, i).subarray(3, 9).toString('hex');
  }
});
