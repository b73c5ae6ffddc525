// @leak timer: heartbeat +360
// @leak object: byRoute +360
'use strict';
// Each request starts an interval for its span, and counts itself under a label that no other request has.
const { AsyncLocalStorage } = require('node:async_hooks');
const measure = require('./measure');

const storage = new AsyncLocalStorage();
const metrics = { byRoute: Object.create(null) };

class RequestContext {
  constructor(id) {
    this.id = id;
    this.headers = { agent: 'agent '.repeat(8) + id };
  }
}

function keepAlive(context) {
  setInterval(function heartbeat() { // LEAK HERE 1
    context.beat = Date.now();
  }, 3_600_000);
}

async function handle(id) {
  keepAlive(storage.getStore());
  await null;
  const route = '/item/' + id;
  metrics.byRoute[route] ??= { count: 0, buckets: new Float64Array(8) };
  metrics.byRoute[route].count++;
}

measure(async round => {
  for (let i = 0; i < 120; i++) {
    const id = round * 120 + i;
    await storage.run(new RequestContext(id), handle, id);
  }
});
