// @leak array: log|Tenant +450
'use strict';
// A hundred and fifty tenants, each with a log that gives way to a longer one whenever a line comes.
const measure = require('./measure');

class Tenant {
  constructor(name) {
    this.name = name;
    this.log = [{ text: 'created', by: { name } }];
  }

  note(text) {
    this.log = this.log.concat({ text, by: { name: this.name } });
  }
}

const tenants = Array.from({ length: 150 }, (_, n) => new Tenant(`tenant-${n}`));

measure(round => {
  for (const tenant of tenants) tenant.note(`round ${round}`);
});
