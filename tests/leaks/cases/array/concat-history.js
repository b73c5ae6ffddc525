// @leak array: readings Reading +1200
'use strict';
const measure = require('./measure');

class Reading { // LEAK HERE
  constructor(sensor, value) { // LEAK HERE
    this.sensor = sensor;
    this.value = value;
  }
}

let readings = [];

function collect(batch) {
  readings = readings.concat(batch);
}

measure(round => {
  for (let i = 0; i < 10; i++) {
    collect(Array.from({ length: 40 }, (_, n) => new Reading('s' + n, round + n / 7)));
  }
});
