// @leak error: PaymentError +180
'use strict';
const measure = require('./measure');

class PaymentError extends Error { // LEAK HERE
  constructor(order, reason) { // LEAK HERE
    super(reason);
    this.order = order;
  }
}

const failed = new Map();

function pay(order) {
  try {
    if (order.amount % 2 === 0) throw new PaymentError(order.id, 'card declined');
  } catch (error) {
    failed.set(order.id, error);
  }
}

measure(round => {
  for (let i = 0; i < 120; i++) pay({ id: `o-${round}-${i}`, amount: i });
});
