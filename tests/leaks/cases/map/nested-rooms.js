// @leak map: members|rooms Member +450
'use strict';
// A Map of Maps: the rooms are always the same three, their members stay for ever.
const measure = require('./measure');

class Member { // LEAK HERE
  constructor(room, nick) { // LEAK HERE
    this.room = room;
    this.nick = nick;
    this.joined = { by: 'link', nick };
  }
}

const rooms = new Map(['lobby', 'help', 'news'].map(name => [name, { name, members: new Map() }]));

function join(name, nick) {
  const { members } = rooms.get(name);
  members.set(nick, new Member(name, nick));
}

measure(round => {
  for (let i = 0; i < 150; i++) join('lobby', `guest${round}x${i}`);
  join('help', 'ann');
  join('news', 'bob');
});
