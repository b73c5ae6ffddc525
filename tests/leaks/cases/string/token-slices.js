// @leak string: tokens +36
'use strict';
// A slice of a long text keeps the text.
const measure = require('./measure');

const tokens = [];

function login(body) {
  tokens.push(body.slice(body.indexOf('token=') + 6, body.indexOf('&end')));
}

function bodyOf(round, i) {
  return Buffer.from(`user=${round}.${i}&pad=${'abcdefgh'.repeat(2500)}&token=${round}-0123456789abcdef-${i}&end`).toString('latin1');
}

measure(round => {
  for (let i = 0; i < 12; i++) login(bodyOf(round, i));
});
