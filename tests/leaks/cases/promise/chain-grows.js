// @leak promise: tail|release|append
'use strict';
// A lock made of a chain of promises: each waits for the one before, and the first never comes.
const measure = require('./measure');

let release;
let tail = new Promise(resolve => { release = resolve; });

function append(record) {
  tail = tail.then(() => record.id);
}

measure(round => {
  for (let i = 0; i < 150; i++) append({ id: round * 150 + i, text: `record ${i}` });
  return typeof release;
});
