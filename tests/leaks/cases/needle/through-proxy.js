// @leak object: state|byKey|target +420
'use strict';
const measure = require('./measure');

const listeners = [];

function observable(target) {
  return new Proxy(target, {
    set(object, key, value) {
      object[key] = value;
      for (const listener of listeners) listener(key);
      return true;
    }
  });
}

const state = observable({ byKey: observable({}) });

measure(round => {
  for (let i = 0; i < 140; i++) state.byKey[`draft:${round}:${i}`] = { text: 'draft', round, saved: [i] };
});
