// @healthy
'use strict';
const measure = require('./measure');

const inFlight = new Set();

async function fetchRow(id) {
  const ticket = { id, since: process.uptime() };
  inFlight.add(ticket);
  try {
    await null;
    return { id, row: [id, id + 1] };
  } finally {
    inFlight.delete(ticket);
  }
}

measure(round => Promise.all(Array.from({ length: 300 }, (_, i) => fetchRow(round * 300 + i))));
