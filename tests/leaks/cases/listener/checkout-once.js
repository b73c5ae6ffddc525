// @leak listener: settled onSettled +150
'use strict';
const { EventEmitter } = require('node:events');
const measure = require('./measure');

class Gateway extends EventEmitter {
  charge(order) {
    return { order, state: 'open' };
  }
}

const gateway = new Gateway();
gateway.setMaxListeners(0);

function checkout(cart) {
  const charge = gateway.charge(cart);
  const onSettled = receipt => { // LEAK HERE
    cart.receipt = receipt;
  };
  gateway.once('settled', onSettled);
  return charge;
}

measure(round => {
  for (let i = 0; i < 50; i++) checkout({ cart: round * 50 + i, lines: [{ sku: 'A' + i, qty: 1 }] });
});
