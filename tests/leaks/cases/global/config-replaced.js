// @healthy
'use strict';
const measure = require('./measure');

globalThis.appConfig = { version: 0 };

measure(round => {
  globalThis.appConfig = { version: round, flags: Array.from({ length: 200 }, (_, n) => ({ name: 'flag' + n, on: n % 2 })) };
  globalThis.lastRound = round;
  globalThis['temporary' + round] = [round];
  delete globalThis['temporary' + round];
});
