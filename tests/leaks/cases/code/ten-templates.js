// @healthy
'use strict';
const vm = require('node:vm');
const measure = require('./measure');

const templates = new Map();

function template(text) {
  let made = templates.get(text);
  if (!made) templates.set(text, made = new Function('v', 'return `' + text + '`;'));
  return made;
}

measure(round => {
  for (let i = 0; i < 200; i++) template('Hello ${v.name}, you are number ' + (i % 10))({ name: 'Bo' + round });
  for (let i = 0; i < 20; i++) new vm.Script(`${round} + ${i}`, { filename: 'sum.vm' }).runInThisContext();
});
