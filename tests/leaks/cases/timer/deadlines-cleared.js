// @healthy
'use strict';
const measure = require('./measure');

function withDeadline(task, ms) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('late: ' + task.name)), ms);
    task.run().then(value => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

function heartbeat(link) {
  const timer = setInterval(() => link.beats++, 1000);
  return () => clearInterval(timer);
}

measure(async round => {
  const stops = [];
  for (let i = 0; i < 60; i++) stops.push(heartbeat({ id: i, beats: 0 }));
  const tasks = Array.from({ length: 60 }, (_, i) => ({ name: 't' + i, run: async () => round * i }));
  await Promise.all(tasks.map(task => withDeadline(task, 30_000)));
  for (const stop of stops) stop();
});
