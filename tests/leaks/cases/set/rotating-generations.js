// @healthy
'use strict';
// Two generations of seen names: the older one is dropped as a whole every other round.
const measure = require('./measure');

let current = new Set();
let previous = new Set();

measure(round => {
  for (let i = 0; i < 200; i++) current.add(`name ${round}-${i}`);
  previous = current;
  current = new Set();
  return previous.size;
});
