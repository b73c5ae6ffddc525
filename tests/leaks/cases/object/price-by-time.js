// @leak object: ticks +900
'use strict';
const measure = require('./measure');

const START = 1_700_000_000_000;
const ticks = {};

function tick(time, price) {
  ticks[time] = { price, volume: time % 17 };
}

measure(round => {
  for (let i = 0; i < 300; i++) tick(START + (round * 300 + i) * 250, 100 + i / 8);
});
