// @leak map: hitsByVisitor
'use strict';
// Numbers to numbers: such a Map has no edges to what it holds.
const measure = require('./measure');

const hitsByVisitor = new Map();

function hit(visitor) {
  hitsByVisitor.set(visitor, (hitsByVisitor.get(visitor) ?? 0) + 1);
}

measure(round => {
  for (let i = 0; i < 564; i++) hit(round * 564 + i), hit(i);
}, 8);
