// @leak array: notices +270
'use strict';
// A store in the style of reducers: each action makes a new array from the old one.
const measure = require('./measure');

let state = { notices: [], user: { name: 'ann' } };

function reduce(current, action) {
  if (action.type !== 'notice') return current;
  return { ...current, notices: [...current.notices, { text: action.text, read: false }] };
}

measure(round => {
  for (let i = 0; i < 90; i++) state = reduce(state, { type: 'notice', text: `notice ${round}.${i}` });
  state = reduce(state, { type: 'login' });
});
