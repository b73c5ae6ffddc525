// @healthy
'use strict';
// Only how often a message came is kept, for ten messages.
const measure = require('./measure');

const counts = new Map();

function note(error) {
  counts.set(error.message, (counts.get(error.message) ?? 0) + 1);
}

measure(round => {
  for (let i = 0; i < 150; i++) note(new Error(`code ${(i + round) % 10}`, { cause: new TypeError('inner') }));
});
