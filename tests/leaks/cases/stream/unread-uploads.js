// @leak stream: PassThrough +90
'use strict';
const { PassThrough } = require('node:stream');
const measure = require('./measure');

const uploads = [];

function receive(name) {
  const body = new PassThrough();
  body.write(Buffer.alloc(3000, name));
  uploads.push({ name, body });
}

measure(round => {
  for (let i = 0; i < 30; i++) receive(`file-${round}-${i}`);
});
