// @healthy
'use strict';
// What is known of an object dies with it, though it refers to the object.
const measure = require('./measure');

const metadata = new WeakMap();
const documents = [];

function describe(document) {
  let known = metadata.get(document);
  if (!known) metadata.set(document, known = { document, words: document.text.split(' ') });
  return known.words.length;
}

measure(round => {
  for (let i = 0; i < 200; i++) {
    documents[i % 50] = { text: `text ${round} ${i}` };
    describe(documents[i % 50]);
    describe({ text: 'gone at once' });
  }
});
