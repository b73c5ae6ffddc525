// @healthy
'use strict';
// Dead WeakRefs are taken out: by a registry, and by a sweep at the start of each round.
const measure = require('./measure');

const images = new Map();
const tidy = new FinalizationRegistry(id => images.delete(id));

function load(id) {
  const image = { id, dots: new Array(40).fill(0) };
  images.set(id, new WeakRef(image));
  tidy.register(image, id);
  return image;
}

measure(async round => {
  global.gc();
  await new Promise(setImmediate);
  for (const [id, ref] of images) if (!ref.deref()) images.delete(id);
  for (let i = 0; i < 200; i++) load(`${round}/${i}`);
});
