// @healthy
'use strict';
// The same rooms, and who comes in sends somebody out.
const measure = require('./measure');

class Member {
  constructor(name) {
    this.name = name;
    this.drafts = Array.from({ length: 2 }, (_, n) => `draft ${n} of ${name}`);
  }
}

const floors = {};
for (const name of ['ground', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'roof']) {
  floors[name] = {};
  for (let n = 0; n < 30; n++) floors[name]['room' + n] = { topic: `${name} ${n}`, seats: [], standing: [] };
}

measure(round => {
  let n = 0;
  for (const rooms of Object.values(floors)) {
    for (const room of Object.values(rooms)) {
      const place = ++n % 3 ? room.seats : room.standing;
      place.push(new Member(`member ${round}.${n}`));
      if (place.length > 1) place.shift();
    }
  }
});
