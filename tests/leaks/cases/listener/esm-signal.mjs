// @leak listener: change redraw +120
import { EventEmitter } from 'node:events';
import measure from './measure.js';

export const store = new EventEmitter();
store.setMaxListeners(0);

export class Chart {
  points = Float64Array.from({ length: 50 }, (_, n) => n / 7);

  constructor(title) {
    this.title = title;
    const redraw = () => this.points.length; // LEAK HERE
    store.addListener('change', redraw);
  }
}

measure(async round => {
  for (let i = 0; i < 40; i++) new Chart(`chart ${round}.${i}`);
  await null;
  store.emit('change');
});
