// @leak array: models Model +450
'use strict';
// The list is a static field of the class of what it holds.
const measure = require('./measure');

class Model { // LEAK HERE
  static models = [];

  constructor(table, row) { // LEAK HERE
    this.table = table;
    this.row = row;
    Model.models.push(this);
  }
}

measure(round => {
  for (let i = 0; i < 150; i++) new Model('invoices', { id: round * 150 + i, open: i % 2 === 0 });
});
