// @leak async-context|closure|array: afterCommit +180
'use strict';
const { AsyncLocalStorage } = require('node:async_hooks');
const measure = require('./measure');

const session = new AsyncLocalStorage();
const afterCommit = [];

function commit() {
  afterCommit.push(AsyncLocalStorage.bind(() => session.getStore()?.user));
}

measure(round => {
  for (let i = 0; i < 60; i++) session.run({ user: `u${round}.${i}`, cart: Array.from({ length: 25 }, (_, n) => ({ n })) }, commit);
});
