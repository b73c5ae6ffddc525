'use strict';
// Two snapshots of one process: before.heapsnapshot, and after.heapsnapshot once it has grown.
const v8 = require('node:v8');
const {grow, shrink} = require('./zoo.js');

function snapshot(name) {
  v8.writeHeapSnapshot(name + '.heapsnapshot');
}

grow(20);
setTimeout(() => {
  snapshot('before');
  grow(40);
  shrink(8);
  setTimeout(() => {
    snapshot('after');
    process.exit(0);
  }, 20);
}, 20);
