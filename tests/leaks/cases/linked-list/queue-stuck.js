// @leak linked-list: QueueItem +660
'use strict';
// A queue whose consumer stopped: the tail moves on, the head does not.
const measure = require('./measure');

class QueueItem { // LEAK HERE
  next = null;
  constructor(payload) { // LEAK HERE
    this.payload = payload;
  }
}

const outgoing = { head: new QueueItem(null), tail: null, paused: false };
outgoing.tail = outgoing.head;

function send(payload) {
  const item = new QueueItem(payload);
  outgoing.tail.next = item;
  outgoing.tail = item;
}

function drain() {
  while (!outgoing.paused && outgoing.head.next) outgoing.head = outgoing.head.next;
}

measure(round => {
  outgoing.paused = round > 2;
  for (let i = 0; i < 220; i++) send({ to: i % 9, at: round });
  drain();
});
