// @leak listener: invalidate onInvalidate +210
// @processes
'use strict';
const { EventEmitter } = require('node:events');
const measure = require('./measure');

class Bus extends EventEmitter {}
const cacheBus = new Bus().setMaxListeners(0);

function openView(name) {
  const rows = Array.from({ length: 5 }, (_, n) => ({ n, name }));
  function onInvalidate() { // LEAK HERE
    rows.length = 0;
  }
  cacheBus.on('invalidate', onInvalidate);
  return rows;
}

measure(round => {
  for (let i = 0; i < 70; i++) openView(`view ${round}.${i}`);
});
