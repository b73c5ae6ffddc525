// @leak linked-list: newest +450
'use strict';
// A log in a variable, linked both ways, the newest line first. Nothing cuts off its end.
const measure = require('./measure');

let newest = null;

function log(text) {
  const line = { text, older: newest, newer: null };
  if (newest) newest.newer = line;
  newest = line;
}

measure(round => {
  for (let i = 0; i < 150; i++) log(`line ${i} of round ${round}`);
  return newest.text;
});
