// @healthy
'use strict';
// Closures made for each request and dropped, and a table of 40 that is built anew each round.
const measure = require('./measure');

let table = {};

function by(field, descending) {
  return (a, b) => (descending ? b[field] - a[field] : a[field] - b[field]);
}

measure(round => {
  const rows = Array.from({ length: 200 }, (_, n) => ({ age: (n * 37) % 91, size: (n * 53) % 77 }));
  for (let i = 0; i < 20; i++) rows.sort(by(i % 2 ? 'age' : 'size', i % 3 === 0));
  table = {};
  for (let i = 0; i < 40; i++) table['field' + i] = by('f' + i, round % 2 === 0);
});
