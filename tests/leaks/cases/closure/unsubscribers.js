// @leak closure: unsubscribe +90
'use strict';
// The subscriptions end, but the functions that end them stay in a list, with all that they captured.
const measure = require('./measure');

const subscribers = new Set();
const disposables = [];

function subscribe(component) {
  const snapshot = component.rows.map(row => ({ ...row }));
  const subscriber = () => snapshot.length;
  subscribers.add(subscriber);
  return function unsubscribe() { // LEAK HERE
    subscribers.delete(subscriber);
  };
}

measure(round => {
  for (let i = 0; i < 30; i++) {
    const unsubscribe = subscribe({ rows: Array.from({ length: 15 }, (_, n) => ({ n, round })) });
    disposables.push(unsubscribe);
    unsubscribe();
  }
});
