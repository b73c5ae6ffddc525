// @healthy
'use strict';
// A bus with a listener for each of 80 topics, all added at the start, and one that comes and goes.
const { EventEmitter, once } = require('node:events');
const measure = require('./measure');

const bus = new EventEmitter();
const seen = {};
for (let n = 0; n < 80; n++) bus.on('topic/' + n, message => { seen['topic/' + n] = message; });

measure(async round => {
  const reply = once(bus, 'reply');
  for (let i = 0; i < 400; i++) bus.emit('topic/' + (i % 80), { round, i, body: [round, i] });
  bus.emit('reply', round);
  await reply;
});
