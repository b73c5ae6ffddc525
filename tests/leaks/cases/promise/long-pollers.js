// @healthy
'use strict';
// 80 suspended functions, always: each round answers them all and they ask again.
const measure = require('./measure');

let answer;
let news = new Promise(resolve => { answer = resolve; });

async function poller(name) {
  for (;;) {
    const batch = await news;
    if (batch.stop === name) return;
  }
}

for (let i = 0; i < 80; i++) poller('client' + i);

measure(round => {
  const tell = answer;
  news = new Promise(resolve => { answer = resolve; });
  tell({ round, items: [round] });
});
