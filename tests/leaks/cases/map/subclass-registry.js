// @leak map: Registry|registry Handle +399
'use strict';
const measure = require('./measure');

class Handle { // LEAK HERE
  constructor(id, kind) { // LEAK HERE
    this.id = id;
    this.kind = kind;
    this.refs = [id];
  }
}

class Registry extends Map {
  open(kind) {
    const id = Symbol(kind);
    this.set(id, new Handle(id, kind));
    return id;
  }

  close(id) {
    return this.delete(id);
  }
}

const registry = new Registry();

measure(round => {
  for (let i = 0; i < 140; i++) {
    const id = registry.open('file' + (i % 5));
    if (i % 20 === 0) registry.close(id);
  }
  return round;
});
