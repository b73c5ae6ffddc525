// @leak socket: IncomingMessage|Socket|ClientRequest +18
'use strict';
// Only the status is looked at; the bodies are never read, so no connection is ever free again.
const http = require('node:http');
const measure = require('./measure');

const server = http.createServer((request, response) => response.end('x'.repeat(100_000)));
const agent = new http.Agent({ keepAlive: true });

function probe(path) {
  return new Promise((resolve, reject) => {
    http.get({ port: server.address().port, host: '127.0.0.1', path, agent }, response => {
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

server.listen(0, '127.0.0.1', () => measure(async round => {
  for (let i = 0; i < 6; i++) await probe(`/health?${round}.${i}`);
}));
