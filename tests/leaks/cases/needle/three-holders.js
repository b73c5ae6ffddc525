// @leak map|set|array|object|instance: byId|byOwner|all Ticket +390
'use strict';
// The same tickets in three collections.
const measure = require('./measure');

class Ticket { // LEAK HERE
  constructor(id, owner) { // LEAK HERE
    this.id = id;
    this.owner = owner;
    this.log = ['opened'];
  }
}

const desk = { byId: new Map(), byOwner: {}, all: new Set() };

function open(id, owner) {
  const ticket = new Ticket(id, owner);
  desk.byId.set(id, ticket);
  desk.byOwner[owner] = ticket;
  desk.all.add(ticket);
}

measure(round => {
  for (let i = 0; i < 130; i++) open(`T${round}-${i}`, `owner${round}/${i}`);
});
