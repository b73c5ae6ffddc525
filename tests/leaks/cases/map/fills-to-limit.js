// @healthy
// @pair B C
'use strict';
// A cache with 2,000 places, which are all taken before the second snapshot.
const measure = require('./measure');

const LIMIT = 2000;
const thumbnails = new Map();

function thumbnail(file) {
  const known = thumbnails.get(file);
  if (known) return known;
  const made = { file, width: 64, height: 48, dots: [file.length, 1, 2] };
  if (thumbnails.size === LIMIT) thumbnails.delete(thumbnails.keys().next().value);
  thumbnails.set(file, made);
  return made;
}

measure(round => {
  for (let i = 0; i < 190; i++) thumbnail(`img-${round}-${i}.png`);
});
