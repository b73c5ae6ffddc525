// @healthy
'use strict';
const measure = require('./measure');

const waiting = [];
let places = 4;

async function limited(work) {
  if (places > 0) places--;
  else await new Promise(resolve => waiting.push(resolve));
  try {
    return await work();
  } finally {
    if (waiting.length) waiting.shift()();
    else places++;
  }
}

measure(async round => {
  const shares = await Promise.all(Array.from({ length: 200 }, (_, i) => limited(async () => ({ round, i }))));
  return shares.length;
});
