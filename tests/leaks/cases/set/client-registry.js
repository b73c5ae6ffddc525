// @leak set: clients ChatClient +390
'use strict';
const measure = require('./measure');

class ChatClient { // LEAK HERE
  nick;
  outbox = [];

  send(text) {
    this.outbox.push(text);
  }
}

class Hub {
  constructor() {
    this.clients = new Set();
  }

  open(nick) {
    const client = new ChatClient();
    client.nick = nick;
    this.clients.add(client);
    client.send('hello ' + nick);
    return client;
  }
}

const hub = new Hub();

measure(round => {
  for (let i = 0; i < 130; i++) hub.open(`n${round}.${i}`);
});
