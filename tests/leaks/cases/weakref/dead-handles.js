// @leak weakref: views|WeakRef +900
'use strict';
// The views go, the WeakRefs to them stay in the Map.
const measure = require('./measure');

const views = new Map();

function register(id) {
  const view = { id, rows: new Array(30).fill(id) };
  views.set(id, new WeakRef(view));
  return view;
}

measure(round => {
  for (let i = 0; i < 300; i++) register(`view-${round}-${i}`);
});
