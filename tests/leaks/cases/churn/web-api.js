// @healthy
'use strict';
const measure = require('./measure');

async function gzip(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

measure(async round => {
  const sizes = await Promise.all(Array.from({ length: 10 }, (_, i) => gzip(`text ${round}.${i} `.repeat(50))));
  const url = new URL('http://localhost/?round=' + round);
  return sizes.length + url.searchParams.size + new TextEncoder().encode(url.href).length;
});
