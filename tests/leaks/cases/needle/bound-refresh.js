// @leak listener: tick refresh +180
'use strict';
const { EventEmitter } = require('node:events');
const measure = require('./measure');

const clock = new EventEmitter();
clock.setMaxListeners(0);

class Badge {
  constructor(owner) {
    this.owner = owner;
    this.shown = { hours: 0, minutes: 0 };
    clock.on('tick', this.refresh.bind(this));
  }

  refresh(time) { // LEAK HERE
    this.shown.hours = time.hours;
    this.shown.minutes = time.minutes;
  }
}

measure(round => {
  for (let i = 0; i < 60; i++) new Badge(`owner ${round}.${i}`);
  clock.emit('tick', { hours: 7, minutes: round });
});
