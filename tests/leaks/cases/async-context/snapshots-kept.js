// @leak async-context|closure|map: resumers +150
'use strict';
// AsyncLocalStorage.snapshot() keeps the whole context of the moment.
const { AsyncLocalStorage } = require('node:async_hooks');
const measure = require('./measure');

const request = new AsyncLocalStorage();
const resumers = new Map();

function suspend(id) {
  resumers.set(id, AsyncLocalStorage.snapshot());
}

measure(round => {
  for (let i = 0; i < 50; i++) {
    const id = `${round}:${i}`;
    request.run({ id, headers: Object.fromEntries(Array.from({ length: 12 }, (_, n) => ['x-h' + n, id + n])) }, suspend, id);
  }
});
