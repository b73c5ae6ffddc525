// @leak listener: quote onQuote +180
'use strict';
const { EventEmitter } = require('node:events');
const measure = require('./measure');

const feed = new EventEmitter();
feed.setMaxListeners(0);

function openClient(id) {
  const client = { id, prices: [], symbol: 'SYM' + (id % 40) };
  feed.on('quote', function onQuote(quote) { // LEAK HERE
    if (quote.symbol === client.symbol) client.prices.push(quote.price);
  });
  return client;
}

measure(round => {
  for (let i = 0; i < 60; i++) openClient(round * 60 + i);
  feed.emit('quote', { symbol: 'SYM7', price: 12 });
});
