// @leak string|object: pages +120
'use strict';
// Rendered pages are kept by their query string: few objects, much text.
const measure = require('./measure');

const pages = {};

function render(query) {
  return pages[query] ??= ['<html>', ...Array.from({ length: 60 }, (_, n) => `<p>${query} ${n}</p>`), '</html>'].join('');
}

measure(round => {
  for (let i = 0; i < 40; i++) render(`?q=${round}x${i}`);
});
