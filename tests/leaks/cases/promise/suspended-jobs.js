// @leak promise: handleJob +270
'use strict';
const measure = require('./measure');

let open;
const confirmed = new Promise(resolve => { open = resolve; });

async function handleJob(job) { // LEAK HERE
  const steps = job.parts.map(part => ({ part, ok: true }));
  await confirmed;
  return steps.length;
}

measure(round => {
  for (let i = 0; i < 90; i++) handleJob({ id: round * 90 + i, parts: ['a', 'b', 'c'] });
  return typeof open;
});
