// @leak closure|linked-list: withTrace|handle +36
'use strict';
// Each reload of the settings wraps the handler that is there already.
const measure = require('./measure');

let handle = request => ({ status: 200, path: request.path });

function withTrace(next, settings) {
  const rules = settings.rules.map(rule => ({ rule, hits: 0 }));
  return function traced(request) { // LEAK HERE
    for (const rule of rules) rule.hits++;
    return next(request);
  };
}

function reload(version) {
  handle = withTrace(handle, { rules: Array.from({ length: 30 }, (_, n) => `rule ${version}.${n}`) });
}

measure(round => {
  for (let i = 0; i < 12; i++) reload(round * 12 + i);
  handle({ path: '/' });
});
