// @healthy
'use strict';
const http = require('node:http');
const measure = require('./measure');

const server = http.createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ path: request.url, items: [1, 2, 3] }));
});
const agent = new http.Agent({ keepAlive: true, maxSockets: 5 });

function get(path) {
  return new Promise((resolve, reject) => {
    http.get({ port: server.address().port, host: '127.0.0.1', path, agent }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', chunk => { text += chunk; }).on('end', () => resolve(JSON.parse(text)));
    }).on('error', reject);
  });
}

server.listen(0, '127.0.0.1', () => measure(async round => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => get(`/items/${round}/${i}`)));
}));
