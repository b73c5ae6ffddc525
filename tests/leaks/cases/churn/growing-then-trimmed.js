// @healthy
// @pair A C
'use strict';
// A log that is written out when it has 3,000 lines, which comes between the second and the third snapshot.
const measure = require('./measure');

let lines = [];
let written = 0;

function log(text) {
  lines.push({ text, level: text.length % 3 });
  if (lines.length >= 3000) {
    written += lines.length;
    lines = [];
  }
}

measure(round => {
  for (let i = 0; i < 230; i++) log(`event ${round}.${i}`);
  return written;
});
