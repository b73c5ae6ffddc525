// @leak buffer|map: previews +30
'use strict';
const measure = require('./measure');

const previews = new Map();

function preview(image) {
  const dots = new Uint8ClampedArray(20_000);
  dots.fill(image.length);
  previews.set(image, dots);
}

measure(round => {
  for (let i = 0; i < 10; i++) preview(`image-${round}-${i}`);
});
