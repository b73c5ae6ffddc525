// @leak instance|linked-list: Branch +900
'use strict';
const measure = require('./measure');

class Branch { // LEAK HERE
  constructor(key) { // LEAK HERE
    this.key = key;
    this.low = null;
    this.high = null;
  }
}

class Index {
  root = new Branch(0.5);

  insert(key) {
    let at = this.root;
    for (;;) {
      const side = key < at.key ? 'low' : 'high';
      if (!at[side]) return void (at[side] = new Branch(key));
      at = at[side];
    }
  }
}

const index = new Index();

measure(round => {
  for (let i = 0; i < 300; i++) index.insert(((round * 300 + i) * 0.6180339887) % 1);
});
