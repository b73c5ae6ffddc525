// @leak promise: stopped +360
'use strict';
// Each race leaves its reactions on the promise that never settles.
const measure = require('./measure');

let stop;
const stopped = new Promise(resolve => { stop = resolve; });

async function readMessage(topic) {
  const message = await Promise.race([stopped, Promise.resolve({ topic, body: 'x'.repeat(20) })]);
  return message.body;
}

measure(async round => {
  for (let i = 0; i < 120; i++) await readMessage(`t${round}/${i}`);
  return typeof stop;
});
