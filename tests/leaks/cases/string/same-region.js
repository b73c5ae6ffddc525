// @leak string|array: regions +900
'use strict';
// The same few texts, parsed anew for each row.
const measure = require('./measure');

const regions = [];

function parseRow(line) {
  regions.push(JSON.parse(line).region);
}

measure(round => {
  for (let i = 0; i < 300; i++) parseRow(`{"id":${round * 300 + i},"region":"${'North by north-west '.repeat(8)}${i % 3}"}`);
});
