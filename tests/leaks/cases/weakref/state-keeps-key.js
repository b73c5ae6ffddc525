// @leak weakref|array: active|states +600
'use strict';
// The state refers to the device that is its key, and is also in a list.
const measure = require('./measure');

const states = new WeakMap();
const active = [];

class Device {
  constructor(serial) {
    this.serial = serial;
    this.ports = [1, 2, 3, serial];
  }
}

function attach(device) {
  const state = { device, ready: true };
  states.set(device, state);
  active.push(state);
}

measure(round => {
  for (let i = 0; i < 200; i++) attach(new Device(round * 200 + i));
});
