// @healthy
'use strict';
// Three hundred inboxes that keep their last six letters: in each snapshot some are fuller than before and others emptier.
const measure = require('./measure');

class Inbox {
  constructor(owner) {
    this.owner = owner;
    this.letters = [];
  }
}

const inboxes = new Map(Array.from({ length: 300 }, (_, n) => [`user${n}`, new Inbox(n)]));
let seed = 7;

function random(n) {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor(seed / 65536) % n;
}

measure(round => {
  for (const inbox of inboxes.values()) {
    for (let i = random(9); i > 0; i--) inbox.letters.push({ round, text: `letter ${i}`, pages: [i, round] });
    if (random(3) === 0) inbox.letters.length = 0;
    inbox.letters = inbox.letters.slice(-6);
  }
});
