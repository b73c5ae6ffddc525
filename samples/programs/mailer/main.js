'use strict';
const { writeHeapSnapshot } = require('node:v8');
const { flush, retryLater } = require('./retry');

let sent = 0;
function send(count) {
  for (let i = 0; i < count; i++) {
    const id = sent++;
    retryLater({ id, to: `reader${id}@mail.example`, text: `Dear reader number ${id} here is your letter` });
  }
  flush();
}

send(50);
writeHeapSnapshot('before.heapsnapshot');
send(600);
writeHeapSnapshot('after.heapsnapshot');
flush();
