// @leak timer: pollStatus +180
'use strict';
const measure = require('./measure');

const done = new Set(['shipped', 'lost']);

function track(parcel) {
  function pollStatus() { // LEAK HERE
    parcel.checks++;
    if (done.has(parcel.state)) parcel.closed = true;
  }
  setInterval(pollStatus, 60_000);
}

measure(round => {
  for (let i = 0; i < 60; i++) track({ number: `P${round}-${i}`, state: 'sent', checks: 0, route: [i, round] });
});
