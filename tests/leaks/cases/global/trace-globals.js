// @leak global: global|__span +180
'use strict';
const measure = require('./measure');

function startSpan(name) {
  globalThis['__span' + name] = { name, started: process.uptime(), tags: [name, 'http', 'get'] };
}

measure(round => {
  for (let i = 0; i < 60; i++) startSpan(`${round}_${i}`);
});
