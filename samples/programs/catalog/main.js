'use strict';
const { writeHeapSnapshot } = require('node:v8');
const byId = require('./by-id');
const timeline = require('./timeline');

class Item {
  constructor(number) {
    this.id = `item-${number}`;
    this.labels = [`label-${number}`, `group-${number % 10}`];
    this.stock = { shelf: `shelf-${number}`, count: number };
  }
}

let created = 0;
function create(count) {
  for (let i = 0; i < count; i++) {
    const item = new Item(created++);
    byId.add(item);
    timeline.add(item);
  }
}

create(300);
writeHeapSnapshot('before.heapsnapshot');
create(2500);
writeHeapSnapshot('after.heapsnapshot');
if (byId.get('item-0') !== timeline.latest(created)[0]) throw new Error('both must keep the same items');
