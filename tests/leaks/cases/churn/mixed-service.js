// @healthy
'use strict';
// A bit of everything that comes and goes, over state that stays.
const { EventEmitter } = require('node:events');
const { AsyncLocalStorage } = require('node:async_hooks');
const measure = require('./measure');

const bus = new EventEmitter();
const request = new AsyncLocalStorage();
const rows = Array.from({ length: 2000 }, (_, n) => ({ n, name: 'row ' + n, score: n / 3 }));
const lastErrors = [];

async function handle(id) {
  const { signal } = new AbortController();
  const timer = setTimeout(() => {}, 60_000, id);
  const onReload = () => { rows[0].n = id; };
  bus.on('reload', onReload);
  signal.addEventListener('abort', onReload);
  try {
    await new Promise(setImmediate);
    const row = rows[id % rows.length];
    row.score = id / 7;
    row.name = 'row ' + id;
    if (id % 9 === 0) throw new Error('bad row ' + id);
    return { ...row };
  } finally {
    clearTimeout(timer);
    bus.off('reload', onReload);
  }
}

measure(async round => {
  const all = Array.from({ length: 90 }, (_, i) => request.run({ round, i }, handle, round * 90 + i));
  for (const done of await Promise.allSettled(all)) if (done.reason) lastErrors.unshift(done.reason);
  lastErrors.length = Math.min(lastErrors.length, 15);
});
