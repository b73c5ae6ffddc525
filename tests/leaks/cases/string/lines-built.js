// @healthy
'use strict';
const measure = require('./measure');

let report = '';
const names = new Array(100).fill('');

measure(round => {
  report = '';
  for (let i = 0; i < 500; i++) report += `row ${i} of ${round};`;
  const flat = Buffer.from(report).toString('latin1');
  for (let i = 0; i < 100; i++) names[i] = Buffer.from(flat.slice(i * 20, i * 20 + 18)).toString('latin1');
  return flat.split(';').length;
});
