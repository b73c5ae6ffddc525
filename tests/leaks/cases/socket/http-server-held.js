// @leak socket: ServerResponse|IncomingMessage|pending +15
'use strict';
// Long polling: the answers wait for an event that never comes, and clients come again and again.
const http = require('node:http');
const measure = require('./measure');

const pending = [];

const server = http.createServer((request, response) => {
  pending.push(response);
  response.writeHead(200);
  response.write(' ');
});

function poll(path) {
  return new Promise((resolve, reject) => {
    const request = http.get({ port: server.address().port, host: '127.0.0.1', path, agent: false }, resolve);
    request.on('error', reject);
  });
}

server.listen(0, '127.0.0.1', () => measure(async round => {
  for (let i = 0; i < 5; i++) (await poll(`/events?${round}.${i}`)).resume();
}));
