// @leak array|instance: seats|Member +480
// @leak array|instance: standing|Member +240
'use strict';
// Rooms on many floors whose members are never shown out: no room and no floor is large.
const measure = require('./measure');

class Member { // LEAK HERE
  constructor(name) { // LEAK HERE
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
    }
  }
});
