// @healthy
'use strict';
const measure = require('./measure');

class Order {
  constructor(row) {
    Object.assign(this, row);
    this.total = row.lines.reduce((sum, line) => sum + line.price * line.qty, 0);
  }
}

let page = [];

measure(round => {
  const text = JSON.stringify(Array.from({ length: 200 }, (_, i) => ({
    id: `${round}-${i}`, lines: [{ price: i / 4, qty: 2 }, { price: 3.5, qty: round }], note: i % 5 ? null : 'gift'
  })));
  page = JSON.parse(text).map(row => new Order(row)).sort((a, b) => a.total - b.total);
  return structuredClone(page.slice(0, 20)).length;
});
