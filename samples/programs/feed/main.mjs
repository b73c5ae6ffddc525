import { writeHeapSnapshot } from 'node:v8';
import { fire, onShutdown, onTick, subscribe } from './sources.mjs';

// LEAK: three kinds of listeners, each added per client and never removed.
function follow(client) {
  subscribe(function onPrice(price) { client.prices = [price]; });
}

function watch(client) {
  onTick(function onClockTick() { client.ticks = 'seen'; });
}

function drain(client) {
  onShutdown(function onAbort() { client.name = 'closed'; });
}

function clients(count, attach) {
  for (let i = 0; i < count; i++) attach({ name: `client ${i}`, address: `10.0.0.${i % 250}` });
}

function run(scale) {
  clients(15 * scale, follow);
  clients(10 * scale, watch);
  clients(12 * scale, drain);
  fire();
}

run(10);
writeHeapSnapshot('before.heapsnapshot');
run(100);
writeHeapSnapshot('after.heapsnapshot');
fire();
