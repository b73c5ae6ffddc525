'use strict';
// Allocations with their stacks, as "Allocations on timeline" of DevTools records them: `remember` keeps what it makes,
// `forget` drops it. Writes tracked.heaptimeline, from a worker: what that allocates is not the program's.
const { Worker, isMainThread, parentPort } = require('worker_threads');
const kept = [];
function remember(n) { for (let i = 0; i < n; i++) kept.push({ order: i, note: new Array(30).fill(i) }); }
function forget(n) { let sum = 0; for (let i = 0; i < n; i++) sum += [i, i + 1, i + 2].map(x => ({ x })).length; return sum; }
function work() { remember(500); return forget(2000); }

function record() {
  const fs = require('fs'), inspector = require('inspector');
  const session = new inspector.Session(), file = fs.openSync('tracked.heaptimeline', 'w');
  session.connectToMainThread();
  session.on('HeapProfiler.addHeapSnapshotChunk', m => fs.writeSync(file, m.params.chunk));
  session.post('HeapProfiler.enable');
  session.post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true }, () => parentPort.postMessage('work'));
  parentPort.on('message', () => session.post('HeapProfiler.stopTrackingHeapObjects', { reportProgress: false },
    () => parentPort.close()));
}

if (isMainThread) {
  const recorder = new Worker(__filename);
  recorder.once('message', () => { work(); setTimeout(() => { work(); recorder.postMessage('stop'); }, 60); });
  globalThis.kept = kept;
} else {
  record();
}
