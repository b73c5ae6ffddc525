// @healthy
// @pair A C
'use strict';
// Jobs come in faster than they are done until a second worker starts: at the third snapshot the backlog is empty.
const measure = require('./measure');

const backlog = [];

function enqueue(round) {
  for (let i = 0; i < 300; i++) backlog.push({ id: `${round}-${i}`, body: { round, i } });
}

measure(round => {
  enqueue(round);
  const speed = round < 9 ? 300 : round < 12 ? 40 : 600;
  backlog.splice(0, speed);
});
