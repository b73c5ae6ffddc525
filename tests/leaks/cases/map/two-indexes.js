// @leak map: byHash +360
'use strict';
// Two indexes of the same texts; the one by name forgets, the one by hash does not.
const { createHash } = require('node:crypto');
const measure = require('./measure');

class Library {
  byName = new Map();
  byHash = new Map();

  add(name, text) {
    const hash = createHash('md5').update(text).digest('hex');
    const book = { name, hash, words: text.split(' ') };
    this.byName.set(name, book);
    this.byHash.set(hash, book);
    if (this.byName.size > 100) this.byName.delete(this.byName.keys().next().value);
  }
}

const library = new Library();

measure(round => {
  for (let i = 0; i < 120; i++) library.add(`book ${i % 200}`, `some text of ${round} and ${i}`);
});
