// @leak closure: resend +36
'use strict';
const measure = require('./measure');

const unsent = [];

function deliver(message) {
  const encoded = JSON.stringify(message).padEnd(2000, '.').split('');
  function resend() { // LEAK HERE
    return encoded.length;
  }
  if (resend() > 0) unsent.push(resend);
}

measure(round => {
  for (let i = 0; i < 12; i++) deliver({ to: `user${i}@example.org`, round });
});
