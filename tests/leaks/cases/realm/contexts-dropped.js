// @healthy
'use strict';
const vm = require('node:vm');
const measure = require('./measure');

const shared = vm.createContext({ total: 0 });

measure(round => {
  vm.runInContext(`total += ${round}`, shared);
  return vm.runInNewContext('items.map(n => n + 1)', { items: [round, 2] }).length;
});
