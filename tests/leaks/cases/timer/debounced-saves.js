// @healthy
'use strict';
const measure = require('./measure');

// One waiting timer for each of 30 documents; a new edit replaces it.
const waiting = new Map();
let saves = 0;

function edited(name, text) {
  clearTimeout(waiting.get(name));
  waiting.set(name, setTimeout(() => {
    saves += text.length > 0;
    waiting.delete(name);
  }, 5000));
}

measure(round => {
  for (let i = 0; i < 300; i++) edited('doc' + (i % 30), `text of ${round} ${i}`);
});
