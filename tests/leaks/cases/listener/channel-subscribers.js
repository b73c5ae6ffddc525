// @leak listener: Channel publish forward +600
'use strict';
// Two hundred channels, to each of which every new client subscribes and none unsubscribes.
const { EventEmitter } = require('node:events');
const measure = require('./measure');

class Channel extends EventEmitter {
  constructor(name) {
    super();
    this.name = name;
    this.setMaxListeners(0);
  }
}

const channels = Array.from({ length: 200 }, (_, n) => new Channel(`channel-${n}`));

function subscribe(client) {
  for (const channel of channels) {
    channel.on('publish', function forward(text) { // LEAK HERE
      client.inbox = text;
    });
  }
}

measure(round => subscribe({ round, inbox: null }));
