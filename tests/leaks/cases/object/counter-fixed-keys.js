// @healthy
'use strict';
// Counters of 24 hours and 60 minutes, all there from the start; the sums grow, the object does not.
const measure = require('./measure');

const load = { hours: {}, minutes: {}, total: 0 };
for (let h = 0; h < 24; h++) load.hours['h' + h] = { sum: 0.5, peak: 0.25 };

measure(round => {
  for (let i = 0; i < 500; i++) {
    const hour = load.hours['h' + (i % 24)];
    hour.sum += i / 3;
    hour.peak = Math.max(hour.peak, round + i / 9);
    load.minutes[(i + round) % 60] = { round, value: i };
    load.total += hour.sum;
  }
});
