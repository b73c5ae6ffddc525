// @leak array: rows +750
'use strict';
// Arrays in an array.
const measure = require('./measure');

class Sheet {
  rows = [];

  append(...cells) {
    this.rows.push(cells);
  }
}

const sheet = new Sheet();

measure(round => {
  for (let i = 0; i < 250; i++) sheet.append('r' + i, round, i / 4, null);
});
