'use strict';
// Not exported: only the functions of this module see it.
let byEmail = new Map();

function findOrCreate(email) {
  let customer = byEmail.get(email);
  if (!customer) {
    customer = { email, orders: [], created: process.uptime() };
    byEmail.set(email, customer);
  }
  return customer;
}

function forgetAll() {
  byEmail = new Map();
}

module.exports = { findOrCreate, forgetAll };
