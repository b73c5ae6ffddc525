// @leak closure|object|map: getters|get +360
'use strict';
const measure = require('./measure');

const getters = new Map();

function getter(path) {
  let get = getters.get(path);
  if (!get) {
    const steps = path.split('.');
    get = object => steps.reduce((value, step) => value?.[step], object); // LEAK HERE
    getters.set(path, get);
  }
  return get;
}

measure(round => {
  for (let i = 0; i < 120; i++) getter(`state.${round}.items.${i}.name`)({ state: {} });
});
