'use strict';
// The other ways node can write the same heap: internals.heapsnapshot, numeric.heapsnapshot and both.heapsnapshot.
const v8 = require('node:v8');
require('./zoo.js').grow(10);

setTimeout(() => {
  v8.writeHeapSnapshot('internals.heapsnapshot', {exposeInternals: true});
  v8.writeHeapSnapshot('numeric.heapsnapshot', {exposeNumericValues: true});
  v8.writeHeapSnapshot('both.heapsnapshot', {exposeInternals: true, exposeNumericValues: true});
  process.exit(0);
}, 20);
