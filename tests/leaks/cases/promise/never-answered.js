// @leak promise|map: requests|call +210
'use strict';
const measure = require('./measure');

const requests = new Map();
let sequence = 0;

function call(method, params) {
  const id = ++sequence;
  return new Promise((resolve, reject) => {
    requests.set(id, { method, params, resolve, reject });
  });
}

async function loadProfile(user) { // LEAK HERE
  const profile = await call('profile', { user });
  return profile.name;
}

measure(round => {
  for (let i = 0; i < 70; i++) loadProfile('u' + (round * 70 + i)).catch(() => null);
});
