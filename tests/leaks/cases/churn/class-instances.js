// @healthy
'use strict';
// Long-lived things are replaced one by one; as many live at each snapshot, but other ones.
const measure = require('./measure');

class Document {
  constructor(id) {
    this.id = id;
    this.pages = Array.from({ length: 5 }, (_, n) => ({ n, text: `page ${n} of ${id}` }));
    this.onClose = () => this.pages.length;
  }
}

const open = new Array(150).fill(null).map((_, n) => new Document(n));
const byId = {};

measure(round => {
  for (let i = 0; i < 60; i++) {
    const at = (round * 60 + i) % open.length;
    delete byId['doc' + open[at].id];
    open[at] = new Document(round * 1000 + i);
    byId['doc' + open[at].id] = open[at];
  }
});
