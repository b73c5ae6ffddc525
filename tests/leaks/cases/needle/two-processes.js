// @leak map: carts Cart +600
// @processes
'use strict';
const measure = require('./measure');

class Cart { // LEAK HERE
  constructor(visitor) { // LEAK HERE
    this.visitor = visitor;
    this.items = [{ sku: visitor + '-1' }];
  }
}

const carts = new Map();
const recent = [];

function visit(visitor) {
  carts.set(visitor, new Cart(visitor));
  recent.push({ visitor });
  if (recent.length > 50) recent.shift();
}

measure(round => {
  for (let i = 0; i < 200; i++) visit(`v${round}.${i}`);
});
