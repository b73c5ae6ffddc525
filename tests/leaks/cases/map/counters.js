// @healthy
'use strict';
const measure = require('./measure');

const perRoute = new Map();
const perHour = new Map();

measure(round => {
  for (let i = 0; i < 600; i++) {
    const route = '/api/v' + (i % 45);
    const row = perRoute.get(route) ?? { route, hits: 0, last: null };
    perRoute.set(route, row);
    row.hits++;
    row.last = { round, i };
    perHour.set(i % 24, { round, hits: i });
  }
});
