// @leak array|instance: history|Message +516
'use strict';
// A table of lists under the rooms' names: each grows a little, some more than others.
const measure = require('./measure');

class Message { // LEAK HERE
  constructor(room, text) { // LEAK HERE
    this.room = room;
    this.text = text;
  }
}

const names = Array.from({ length: 60 }, (_, n) => `${['north', 'south', 'upper', 'lower'][n % 4]}-${'abcdefghijklmno'[n % 15]}`);
const history = {};
for (const name of names) history[name] = [];

measure(round => {
  names.forEach((name, n) => {
    for (let i = 0; i < 1 + (n % 7) % 2 * 2 + (n % 3); i++) history[name].push(new Message(name, `${round}/${i}`));
  });
});
