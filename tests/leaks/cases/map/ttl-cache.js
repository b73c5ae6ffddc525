// @healthy
'use strict';
// Entries live for two rounds.
const measure = require('./measure');

const quotes = new Map();

function sweep(now) {
  for (const [key, quote] of quotes) if (quote.until <= now) quotes.delete(key);
}

measure(round => {
  sweep(round);
  for (let i = 0; i < 200; i++) quotes.set(`${round}:${i}`, { until: round + 2, price: [i, round], note: 'n' + i });
});
