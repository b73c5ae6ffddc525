'use strict';
// A timeline: allocations are recorded with their stacks, so trace_tree, samples and trace_node_id are filled.
// Recorded over the debugger's socket by a second process, as DevTools does; a session inside this process
// would itself go on allocating while the file is written (and the file would contradict itself).
const {grow} = require('./zoo.js');

let left = 30;
function busy() {
  grow(1);
  if (--left > 0) setTimeout(busy, 15);
}
process.stdin.once('data', busy);
setInterval(() => {}, 1000);
