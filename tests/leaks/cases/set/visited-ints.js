// @leak set: visited
'use strict';
const measure = require('./measure');

const crawler = { visited: new Set(), skipped: 0 };

function visit(hash) {
  if (crawler.visited.has(hash)) crawler.skipped++;
  else crawler.visited.add(hash);
}

measure(round => {
  for (let i = 0; i < 564; i++) visit(round * 564 + i);
}, 8);
