// @healthy
// @processes
'use strict';
const measure = require('./measure');

const newest = new Map();

measure(round => {
  for (let i = 0; i < 300; i++) {
    newest.set(`k${round}.${i}`, { round, i, list: [i] });
    if (newest.size > 250) newest.delete(newest.keys().next().value);
  }
});
