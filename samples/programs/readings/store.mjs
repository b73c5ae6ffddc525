class Reading {
  constructor(sensor, text) {
    this.sensor = sensor;
    this.text = text;
  }
}

// LEAK: three arrays that only grow. `concat` makes a new array each time, so the id changes and only the
// variable's name stays; the numbers of the other two are not nodes, so only the size of the store grows.
let history = [];
const latencies = [];
const temperatures = [];

export function store(batch, from, count) {
  history = history.concat(Array.from({ length: count }, (_, i) => new Reading(`sensor-${i % 8}`, `reading ${batch}/${i}`)));
  for (let i = 0; i < count * 10; i++) {
    latencies.push(from + i);
    temperatures.push(20 + (i % 100) / 128);
  }
}

export const summary = () => [history.length, latencies.length, temperatures.length];
