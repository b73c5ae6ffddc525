// @healthy
'use strict';
const { randomUUID } = require('node:crypto');
const measure = require('./measure');

const open = {};

measure(round => {
  const mine = [];
  for (let i = 0; i < 250; i++) {
    const id = randomUUID();
    open[id] = { id, round, lines: [i] };
    mine.push(id);
  }
  for (const id of mine) delete open[id];
});
