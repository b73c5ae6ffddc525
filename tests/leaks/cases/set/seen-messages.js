// @leak set: seen +1500
'use strict';
const measure = require('./measure');

const seen = new Set();
let handled = 0;

function receive(message) {
  if (seen.has(message.id)) return;
  seen.add(message.id);
  handled++;
}

measure(round => {
  for (let i = 0; i < 500; i++) receive({ id: `msg-${round.toString(36)}-${i}`, body: handled });
});
