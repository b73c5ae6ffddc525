// @healthy
'use strict';
// A format is loaded when the first file of it comes: one between the first two snapshots, one between the last two.
const measure = require('./measure');

function readFile(name) {
  if (name.endsWith('.gz')) return require('node:zlib').gunzipSync(require('node:zlib').gzipSync(name)).length;
  if (name.endsWith('.csv')) return require('./table').parse('a,b\n1,2\n').length;
  return name.length;
}

measure(round => {
  for (let i = 0; i < 50; i++) readFile(`note${i}.txt`);
  if (round > 9) readFile('archive.gz');
  if (round > 12) readFile('sheet.csv');
});
