// @leak array: latencies
'use strict';
const measure = require('./measure');

const latencies = [];
let slowest = 0;

function observe(ms) {
  latencies.push(ms);
  if (ms > slowest) slowest = ms;
}

measure(round => {
  for (let i = 0; i < 2400; i++) observe((i * 7919 + round) % 1200);
});
