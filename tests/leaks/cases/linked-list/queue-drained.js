// @healthy
'use strict';
const measure = require('./measure');

class Node {
  constructor(value) {
    this.value = value;
    this.next = null;
  }
}

class Fifo {
  constructor() {
    this.head = this.tail = null;
    this.size = 0;
  }

  push(value) {
    const node = new Node(value);
    if (this.tail) this.tail.next = node;
    else this.head = node;
    this.tail = node;
    this.size++;
  }

  shift() {
    const { value } = this.head;
    this.head = this.head.next;
    if (!--this.size) this.tail = null;
    return value;
  }
}

const inbox = new Fifo();
const window = new Fifo();

measure(round => {
  for (let i = 0; i < 400; i++) inbox.push({ round, i });
  while (inbox.size) {
    window.push(inbox.shift());
    if (window.size > 200) window.shift();
  }
});
