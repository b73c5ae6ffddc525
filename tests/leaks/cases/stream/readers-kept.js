// @leak stream: RowReader +90
'use strict';
const { Readable } = require('node:stream');
const measure = require('./measure');

class RowReader extends Readable { // LEAK HERE
  constructor(table) { // LEAK HERE
    super({ objectMode: true, highWaterMark: 8 });
    this.table = table;
    this.next = 0;
  }

  _read() {
    this.push({ table: this.table, row: this.next++ });
  }
}

const cursors = new Map();

async function firstRow(table) {
  const reader = new RowReader(table);
  cursors.set(table, reader);
  for (;;) {
    const row = reader.read();
    if (row) return row;
    await new Promise(resolve => reader.once('readable', resolve));
  }
}

measure(async round => {
  for (let i = 0; i < 30; i++) await firstRow(`t${round}_${i}`);
});
