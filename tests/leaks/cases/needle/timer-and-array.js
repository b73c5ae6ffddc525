// @leak timer: flushMetric +120
// @leak array: samples +750
'use strict';
const measure = require('./measure');

const samples = [];

function startMetric(name) {
  const metric = { name, values: new Array(30).fill(0) };
  setInterval(function flushMetric() { // LEAK HERE 1
    metric.values.fill(0);
  }, 3_600_000);
}

measure(round => {
  for (let i = 0; i < 40; i++) startMetric(`m.${round}.${i}`);
  for (let i = 0; i < 250; i++) samples.push({ round, load: i / 3 });
});
