// @leak array: results|suites +720
'use strict';
// A fixed list of suites, each with results that are never trimmed.
const measure = require('./measure');

class Suite {
  constructor(name) {
    this.name = name;
    this.results = [];
  }
}

const suites = ['unit', 'browser', 'load'].map(name => new Suite(name));

measure(round => {
  for (let i = 0; i < 240; i++) suites[0].results.push({ test: i, ok: i % 7 > 0, took: i / round || 0 });
  for (const suite of suites.slice(1)) suite.results = [{ test: 0, ok: true, took: round }];
});
