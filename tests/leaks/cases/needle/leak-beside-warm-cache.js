// @leak array: violations +36
'use strict';
// A small leak beside a large cache that is replaced all the time, and beside one that is still filling a little.
const measure = require('./measure');

const cache = new Map();
const violations = [];

function lookup(key) {
  if (!cache.has(key)) {
    cache.set(key, { key, answer: key.split('/'), text: key.repeat(4) });
    if (cache.size > 900) cache.delete(cache.keys().next().value);
  }
  return cache.get(key);
}

measure(round => {
  for (let i = 0; i < 600; i++) lookup(`/route/${round}/${i}`);
  for (let i = 0; i < 12; i++) violations.push({ rule: 'max-len', round, line: i });
});
