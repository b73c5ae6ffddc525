// @leak object: uploads Upload +600
'use strict';
const { randomUUID } = require('node:crypto');
const measure = require('./measure');

function Upload(name) { // LEAK HERE
  this.name = name;
  this.parts = [];
}

const store = { uploads: Object.create(null), version: 2 };

function begin(name) {
  const id = randomUUID();
  store.uploads[id] = new Upload(name);
  return id;
}

measure(round => {
  for (let i = 0; i < 200; i++) store.uploads[begin(`file${round}-${i}`)].parts.push(i);
});
