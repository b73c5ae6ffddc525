// @healthy
'use strict';
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const measure = require('./measure');

const request = new AsyncLocalStorage();

async function handle() {
  const resource = new AsyncResource('Lookup');
  await sleep(1);
  return resource.runInAsyncScope(() => request.getStore().id);
}

measure(async round => {
  await Promise.all(Array.from({ length: 100 }, (_, i) =>
    request.run({ id: `${round}.${i}`, spans: [{ i }, { round }] }, handle)));
});
