// @healthy
'use strict';
// A dictionary of 600 names; all values are replaced in each round, and it is copied twice.
const measure = require('./measure');

let settings = {};

measure(round => {
  for (let i = 0; i < 600; i++) settings['option.' + i] = { value: `${round}.${i}`, by: round % 2 ? 'file' : 'env' };
  settings = { ...settings };
  return JSON.parse(JSON.stringify(settings));
});
