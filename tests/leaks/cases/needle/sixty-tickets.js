// @leak map: unclaimed Ticket +60
'use strict';
// Sixty small objects stay between two snapshots, in a heap of some 50 MB of which a part is replaced all the time.
const measure = require('./measure');

class Ticket { // LEAK HERE
  constructor(number) { // LEAK HERE
    this.number = number;
    this.owner = null;
  }
}

const unclaimed = new Map();
const catalogue = new Map();
const recent = new Array(4000).fill(null);
let texts = [];

function article(n, round) {
  return { n, title: `article ${n} of ${round}`, tags: ['a', 'b'], price: { net: n / 4, gross: n / 3 }, text: null };
}

function churn(round) {
  for (let i = 0; i < 6000; i++) catalogue.set((round * 6000 + i * 7) % 60_000, article(i, round));
  for (let i = 0; i < 5000; i++) recent[i % 4000] = { i, round };
  texts = texts.slice(-600);
  while (texts.length < 1000) texts.push(Buffer.alloc(40_000, 97 + (texts.length % 26)).toString('latin1'));
}

for (let n = 0; n < 60_000; n++) catalogue.set(n, article(n, 0));

measure(round => {
  churn(round);
  for (let i = 0; i < 20; i++) unclaimed.set(`t${round}-${i}`, new Ticket(i));
});
