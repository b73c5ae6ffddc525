// @leak async-context: Query|AsyncResource|trace|pool +180
'use strict';
// A pool that keeps the async resource of each query, and so the context that the query ran in.
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const measure = require('./measure');

const trace = new AsyncLocalStorage();

class Query extends AsyncResource { // LEAK HERE
  constructor(sql) { // LEAK HERE
    super('Query');
    this.sql = sql;
  }

  done(rows) {
    return this.runInAsyncScope(() => rows.length + trace.getStore().spans.length);
  }
}

const pool = { used: [] };

function select(sql) {
  const query = new Query(sql);
  pool.used.push(query);
  return query.done([1, 2]);
}

measure(round => {
  for (let i = 0; i < 60; i++) {
    trace.run({ id: `req-${round}-${i}`, spans: Array.from({ length: 20 }, (_, n) => ({ n, i })) }, select, 'select 1');
  }
});
