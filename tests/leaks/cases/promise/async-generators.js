// @leak promise: pages +120
'use strict';
// Consumers take the first page and leave the generator suspended, in a list of those that may go on.
const measure = require('./measure');

const paused = new Set();

async function* pages(query) { // LEAK HERE
  const buffer = Array.from({ length: 20 }, (_, n) => ({ query, n }));
  for (let at = 0; at < buffer.length; at += 5) yield buffer.slice(at, at + 5);
}

async function firstPage(query) {
  const walk = pages(query);
  paused.add(walk);
  return (await walk.next()).value;
}

measure(async round => {
  for (let i = 0; i < 40; i++) await firstPage(`q${round}.${i}`);
});
