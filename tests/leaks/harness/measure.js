'use strict';
const v8 = require('node:v8');
const { setTimeout: sleep } = require('node:timers/promises');

const WARM_UP = 6, BETWEEN = 3;

async function repeat(work, times, from) {
  for (let i = 0; i < times; i++) {
    await work(from + i);
    await sleep(2);
  }
}

async function snapshot(name) {
  for (let i = 0; i < 2; i++) {
    await sleep(8);
    global.gc();
  }
  v8.writeHeapSnapshot(`${name}.heapsnapshot`);
}

// Rounds of work to warm up, then the same work before each of A, B and C. With a number as the program's argument
// the process takes only that one of them, after the same work in all.
module.exports = async function measure(work, between = BETWEEN) {
  const only = process.argv[2];
  await repeat(work, WARM_UP, 0);
  for (const [i, name] of ['A', 'B', 'C'].entries()) {
    await repeat(work, between, WARM_UP + i * between);
    if (!only || Number(only) === i + 1) await snapshot(name);
  }
  process.exit(0);
};
