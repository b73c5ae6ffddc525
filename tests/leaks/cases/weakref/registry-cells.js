// @leak weakref: FinalizationRegistry|cleanup +1200
'use strict';
// The same long-lived connection is registered again with every borrow.
const measure = require('./measure');

const freed = [];
const cleanup = new FinalizationRegistry(handle => freed.push(handle));
const connection = { port: 5432, user: 'app' };

function borrow(handle) {
  cleanup.register(connection, { handle, since: process.uptime() });
}

measure(round => {
  for (let i = 0; i < 400; i++) borrow(round * 400 + i);
});
