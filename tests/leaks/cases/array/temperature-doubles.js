// @leak array: celsius
'use strict';
const measure = require('./measure');

class Station {
  #celsius = [];

  sample(kelvin) {
    this.#celsius.push(kelvin - 273.15);
  }

  get mean() {
    return this.#celsius.reduce((sum, t) => sum + t, 0) / this.#celsius.length;
  }
}

const station = new Station();

measure(round => {
  for (let i = 0; i < 2400; i++) station.sample(280 + ((i * 31 + round) % 300) / 10);
  return station.mean;
});
