'use strict';
// For releases from before v8.writeHeapSnapshot: plain.heapsnapshot, through the inspector, in old JavaScript.
const fs = require('fs');
const inspector = require('inspector');

class Pair {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}
const keep = {weak: new WeakMap(), list: [], symbols: []};
for (let n = 0; n < 20; n++) {
  const key = new Pair(n, {n, twin: {n}});
  keep.list.push(key, {x: n, y: 'text ' + n}, {y: n + 0.5, x: key}, () => key, [n, key], new Map([[key, n]]));
  keep.weak.set(key, {owner: key});
  keep.symbols.push(Symbol('symbol ' + n));
}

const session = new inspector.Session();
session.connect();
const file = fs.openSync('plain.heapsnapshot', 'w');
session.on('HeapProfiler.addHeapSnapshotChunk', ({params}) => fs.writeSync(file, params.chunk));
session.post('HeapProfiler.takeHeapSnapshot', () => process.exit(keep.list.length ? 0 : 1));
