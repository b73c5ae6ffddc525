// @healthy
'use strict';
const measure = require('./measure');

class Particle {
  constructor() {
    this.x = this.y = 0;
    this.trail = [0, 0, 0];
  }
}

class Pool {
  #free = Array.from({ length: 400 }, () => new Particle());

  take() {
    return this.#free.pop() ?? new Particle();
  }

  give(particle) {
    this.#free.push(particle);
  }
}

const pool = new Pool();

measure(round => {
  const used = [];
  for (let i = 0; i < 380; i++) {
    const particle = pool.take();
    particle.x = round + i / 3;
    used.push(particle);
  }
  for (const particle of used) pool.give(particle);
});
