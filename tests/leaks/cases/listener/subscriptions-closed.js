// @healthy
'use strict';
const { EventEmitter } = require('node:events');
const measure = require('./measure');

const ledger = new EventEmitter();
ledger.setMaxListeners(0);
const signals = new EventTarget();

function subscribe(account) {
  const onEntry = entry => {
    account.balance += entry.amount;
  };
  ledger.on('entry', onEntry);
  return () => ledger.off('entry', onEntry);
}

function watch(account, signal) {
  signals.addEventListener('rate', event => account.rates.push(event.type), { signal });
}

measure(round => {
  const open = [];
  const scope = new AbortController();
  for (let i = 0; i < 120; i++) {
    const account = { id: round * 120 + i, balance: 0, rates: [] };
    open.push(subscribe(account));
    if (i % 10 === 0) watch(account, scope.signal);
  }
  ledger.emit('entry', { amount: 5 });
  signals.dispatchEvent(new Event('rate'));
  for (const close of open) close();
  scope.abort();
});
