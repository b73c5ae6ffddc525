// @leak listener: flush +150
'use strict';
// Two different functions are added to two events of one emitter; one of them is removed again.
const { EventEmitter } = require('node:events');
const measure = require('./measure');

class Pool extends EventEmitter {
  constructor() {
    super();
    this.setMaxListeners(200_000);
  }
}

const pool = new Pool();

function lease(id) {
  const job = { id, notes: [`lease ${id}`] };
  const flush = () => job.notes.splice(0); // LEAK HERE
  const release = () => job.notes.push('released');
  pool.on('flush', flush).on('release', release);
  return () => pool.off('release', release);
}

measure(round => {
  const ends = [];
  for (let i = 0; i < 50; i++) ends.push(lease(round * 50 + i));
  for (const end of ends) end();
});
