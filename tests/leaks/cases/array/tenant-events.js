// @leak array: events Event +1200
'use strict';
// Four hundred tenants with a list of events each, which nobody empties: none of the lists is large.
const measure = require('./measure');

class Event { // LEAK HERE
  constructor(kind, at) { // LEAK HERE
    this.kind = kind;
    this.at = at;
  }
}

class Tenant {
  constructor(name) {
    this.name = name;
    this.events = [];
  }
}

const tenants = new Map(Array.from({ length: 400 }, (_, n) => [`tenant-${n}`, new Tenant(`tenant-${n}`)]));

measure(round => {
  for (const tenant of tenants.values()) tenant.events.push(new Event('login', { round, tenant: tenant.name }));
});
