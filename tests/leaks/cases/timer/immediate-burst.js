// @healthy
'use strict';
const { setTimeout: sleep } = require('node:timers/promises');
const measure = require('./measure');

let done = 0;

measure(async round => {
  for (let i = 0; i < 200; i++) setImmediate(() => { done += round; });
  for (let i = 0; i < 100; i++) setTimeout(rows => { done += rows.length; }, 1, [round, i]);
  await sleep(6);
});
