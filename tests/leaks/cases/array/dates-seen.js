// @leak array: logins +750
'use strict';
const measure = require('./measure');

const user = { name: 'root', logins: [] };

measure(round => {
  for (let i = 0; i < 250; i++) user.logins.push(new Date(1.7e12 + round * 1e6 + i));
});
