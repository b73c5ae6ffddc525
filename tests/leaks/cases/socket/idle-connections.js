// @leak socket: Socket|peers +24
'use strict';
const net = require('node:net');
const { once } = require('node:events');
const measure = require('./measure');

const peers = new Set();
const server = net.createServer(socket => {
  peers.add(socket);
  socket.on('error', () => peers.delete(socket));
});

async function dial() {
  const socket = net.connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('hello');
}

server.listen(0, '127.0.0.1', () => measure(async () => {
  for (let i = 0; i < 8; i++) await dial();
}));
