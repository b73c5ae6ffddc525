// @healthy
'use strict';
// Eighty workers with a queue each, which is as long as chance will have it.
const measure = require('./measure');

const workers = Array.from({ length: 80 }, (_, n) => ({ name: `worker ${n}`, queue: [] }));
let seed = 11;

function random(n) {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor(seed / 65536) % n;
}

measure(() => {
  for (const worker of workers) {
    while (worker.queue.length > 0) worker.queue.pop();
    for (let i = random(40); i > 0; i--) worker.queue.push({ job: i, from: { host: 'a', port: i } });
  }
});
