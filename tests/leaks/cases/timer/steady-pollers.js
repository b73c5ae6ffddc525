// @healthy
'use strict';
// Forty intervals from the start, and ten timeouts that set themselves anew.
const measure = require('./measure');

const devices = Array.from({ length: 40 }, (_, n) => ({ n, polls: 0 }));
for (const device of devices) setInterval(() => device.polls++, 2);

function again(device) {
  device.timer = setTimeout(() => {
    device.polls++;
    again(device);
  }, 1);
}

for (const device of devices.slice(0, 10)) again(device);

measure(round => {
  for (const device of devices) device.seen = { round, polls: device.polls };
});
