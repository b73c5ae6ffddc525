// @leak timer: LoginSession|anonymous +210
'use strict';
const measure = require('./measure');

const HALF_A_DAY = 12 * 3600 * 1000;

class LoginSession {
  constructor(user) {
    this.user = user;
    this.roles = ['reader', 'writer'].map(role => ({ role, user }));
    this.touched = Date.now();
    setTimeout(() => this.logOut(), HALF_A_DAY).unref(); // LEAK HERE
  }

  logOut() {
    this.user = null;
  }
}

measure(round => {
  let last;
  for (let i = 0; i < 70; i++) last = new LoginSession('user' + (round * 70 + i));
  return last.touched;
});
