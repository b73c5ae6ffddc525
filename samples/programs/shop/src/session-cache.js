'use strict';
const { randomUUID } = require('node:crypto');

class Session {
  constructor(user) {
    this.token = randomUUID();
    this.user = user;
    this.cart = [];
    this.lastPage = '/';
  }
}

// LEAK: a session is never deleted, not after logout and not after a while.
const sessions = new Map();

exports.open = user => {
  const session = new Session(user);
  sessions.set(session.token, session);
  return session;
};

exports.find = token => sessions.get(token);
