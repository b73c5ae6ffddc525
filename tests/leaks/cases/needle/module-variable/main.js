// @leak map: byEmail +540
'use strict';
const measure = require('./measure');
const { findOrCreate } = require('./customers');

measure(round => {
  let last;
  for (let i = 0; i < 180; i++) last = findOrCreate(`customer${round}.${i}@example.org`);
  return last.email;
});
