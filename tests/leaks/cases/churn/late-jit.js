// @healthy
'use strict';
// Functions that become hot only after the first snapshot, and shapes that come up only then.
const measure = require('./measure');

class Vector {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  plus(other) {
    return new Vector(this.x + other.x, this.y + other.y);
  }
}

function mix(values, how) {
  let sum = how === 'vectors' ? new Vector(0, 0) : how === 'texts' ? '' : 0;
  for (const value of values) sum = how === 'vectors' ? sum.plus(value) : sum + value;
  return sum;
}

measure(round => {
  const numbers = Array.from({ length: 3000 }, (_, n) => n / (round + 1));
  mix(numbers, 'numbers');
  if (round > 9) mix(numbers.map(n => new Vector(n, -n)), 'vectors');
  if (round > 12) mix(numbers.slice(0, 200).map(n => n.toFixed(2)), 'texts');
});
