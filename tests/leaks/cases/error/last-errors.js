// @leak error: problems +180
'use strict';
const measure = require('./measure');

const health = { problems: [], checks: 0 };

function check(service) {
  health.checks++;
  try {
    if (service.port < 1024) throw new TypeError(`port ${service.port} of ${service.name} is reserved`);
    JSON.parse(service.name);
  } catch (problem) {
    health.problems.push(problem);
  }
}

measure(round => {
  for (let i = 0; i < 60; i++) check({ name: `svc${round}`, port: i * 40 });
});
