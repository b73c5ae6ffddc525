// @leak socket: requests|ClientRequest +60
'use strict';
// Two connections to a server that never answers: everything else waits in the agent.
const http = require('node:http');
const measure = require('./measure');

const server = http.createServer(() => {});
const agent = new http.Agent({ maxSockets: 2, keepAlive: true });

function notify(event) {
  const request = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', path: '/hook', agent });
  request.on('error', () => {});
  request.end(JSON.stringify(event));
}

server.listen(0, '127.0.0.1', () => measure(round => {
  for (let i = 0; i < 20; i++) notify({ round, i, type: 'created' });
}));
