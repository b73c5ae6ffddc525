// @healthy
'use strict';
const measure = require('./measure');

const newest = [];

function report(error) {
  newest.push(error);
  if (newest.length > 20) newest.shift();
}

measure(async round => {
  for (let i = 0; i < 100; i++) {
    try {
      null.length;
    } catch (error) {
      report(error);
    }
    await Promise.reject(new RangeError(`${round}.${i}`)).catch(report);
  }
});
