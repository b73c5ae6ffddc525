// @leak listener: stock onStock +180
// @leak map: baskets Basket +360
'use strict';
const { EventEmitter } = require('node:events');
const measure = require('./measure');

const warehouse = new EventEmitter();
warehouse.setMaxListeners(0);
const baskets = new Map();

class Basket { // LEAK HERE 2
  constructor(customer) { // LEAK HERE 2
    this.customer = customer;
    this.lines = [{ sku: 'a', qty: 1 }, { sku: 'b', qty: 2 }];
  }
}

function watchStock(product) {
  const levels = Array.from({ length: 12 }, (_, n) => ({ n, product }));
  warehouse.on('stock', function onStock(change) { // LEAK HERE 1
    levels[0].n = change.level;
  });
}

measure(round => {
  for (let i = 0; i < 60; i++) {
    watchStock(`product ${round}.${i}`);
    baskets.set(`customer-${round}-${i}`, new Basket(i));
    baskets.set(`guest-${round}-${i}`, new Basket(i + 1));
  }
  warehouse.emit('stock', { level: round });
});
