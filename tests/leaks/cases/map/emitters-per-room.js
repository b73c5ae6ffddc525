// @leak map: rooms Room +240
'use strict';
// One listener on each of ever more emitters: the emitters are what leaks.
const { EventEmitter } = require('node:events');
const measure = require('./measure');

class Room extends EventEmitter { // LEAK HERE
  constructor(name) { // LEAK HERE
    super();
    this.name = name;
    this.on('message', text => { this.last = text; });
  }
}

const rooms = new Map();

function post(name, text) {
  if (!rooms.has(name)) rooms.set(name, new Room(name));
  rooms.get(name).emit('message', text);
}

measure(round => {
  for (let i = 0; i < 80; i++) post(`room-${round}-${i}`, 'hi');
});
