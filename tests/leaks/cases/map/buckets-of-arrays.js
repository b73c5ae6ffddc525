// @leak map: eventsByUser +360
'use strict';
const measure = require('./measure');

const eventsByUser = new Map();

function record(user, type) {
  if (!eventsByUser.has(user)) eventsByUser.set(user, []);
  eventsByUser.get(user).push({ type, at: process.uptime() });
}

measure(round => {
  for (let i = 0; i < 120; i++) {
    record(`user${round}-${i}`, 'open');
    record(`user${round}-${i}`, 'close');
  }
});
