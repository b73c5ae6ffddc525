// @leak closure: summary +75
'use strict';
// `summary` needs nothing but a number, but shares its context with `search`, which needs the rows.
const measure = require('./measure');

const reports = new Map();

function analyse(id) {
  const rows = Array.from({ length: 300 }, (_, n) => n * id + 0.25);
  const total = rows.reduce((sum, n) => sum + n, 0);
  const search = wanted => rows.indexOf(wanted);
  const summary = () => `${id}: ${total}`; // LEAK HERE
  search(7);
  return summary;
}

measure(round => {
  for (let i = 0; i < 25; i++) reports.set(`report-${round}-${i}`, analyse(round * 25 + i));
});
