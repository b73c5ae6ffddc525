// @leak array: trail +1200
'use strict';
const measure = require('./measure');

const trail = [];

function audit(user, action) {
  trail.push({ user, action, at: process.uptime() });
}

measure(round => {
  for (let i = 0; i < 400; i++) audit('user' + (i % 50), i % 3 ? 'read' : 'write');
  return trail.length + round;
});
