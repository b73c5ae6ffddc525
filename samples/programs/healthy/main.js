'use strict';
// Nothing leaks here: what looks like a leak in one snapshot (a full cache, a queue, listeners) is as big in the next.
const { EventEmitter } = require('node:events');
const { writeHeapSnapshot } = require('node:v8');
const { page } = require('./lru');

const bus = new EventEmitter();
const queue = [];
const inFlight = new Map();
let log = [];
let served = 0;

class Request {
  constructor(number) {
    this.url = `/page/${number}`;
    this.started = { at: number };
  }
}

function serve() {
  const request = new Request(served++);
  const done = () => inFlight.delete(request.url);
  bus.once('done', done);
  inFlight.set(request.url, request);
  queue.push(request);
  log.push(page(request.url).words.length);
  if (log.length > 200) log = log.slice(-100);
  bus.emit('done');
  if (queue.length > 64) queue.splice(0, 32);
}

function serveMany(count) {
  for (let i = 0; i < count; i++) serve();
}

// A multiple of 32 and of 100 each time, so that queue and log are as full in both snapshots.
serveMany(8000);
writeHeapSnapshot('before.heapsnapshot');
serveMany(8000);
writeHeapSnapshot('after.heapsnapshot');
