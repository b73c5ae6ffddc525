// @leak map: sessions Session +450
'use strict';
const { createHash } = require('node:crypto');
const measure = require('./measure');

class Session { // LEAK HERE
  constructor(user) { // LEAK HERE
    this.user = user;
    this.started = process.hrtime.bigint();
    this.visits = [];
  }
}

const sessions = new Map();

function logIn(user) {
  const token = createHash('sha1').update(user).digest('hex');
  sessions.set(token, new Session(user));
  return token;
}

measure(round => {
  for (let i = 0; i < 150; i++) logIn(`user ${round}.${i}`);
});
