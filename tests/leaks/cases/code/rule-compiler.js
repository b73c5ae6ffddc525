// @leak code: rules|anonymous +120
'use strict';
const measure = require('./measure');

const rules = new Map();

function compile(expression) {
  let rule = rules.get(expression);
  if (!rule) {
    rule = new Function('row', `const limit = ${expression}; return row.total > limit && row.open;`);
    rules.set(expression, rule);
  }
  return rule;
}

measure(round => {
  for (let i = 0; i < 40; i++) compile(`${round} * 100 + ${i}`)({ total: 5, open: true });
});
