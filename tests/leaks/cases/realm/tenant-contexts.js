// @leak realm: tenants +6
'use strict';
const vm = require('node:vm');
const measure = require('./measure');

const tenants = {};

function evaluate(tenant, code) {
  const sandbox = { tenant, result: null };
  tenants[tenant] = vm.createContext(sandbox);
  vm.runInContext(`result = (${code})`, sandbox);
  return sandbox.result;
}

measure(round => {
  for (let i = 0; i < 2; i++) evaluate(`tenant${round}_${i}`, '[1, 2, 3].map(n => n * 2)');
});
