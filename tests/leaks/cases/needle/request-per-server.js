// @leak listener: close +75
'use strict';
// Each request adds a listener to the server, in a callback three calls deep.
const http = require('node:http');
const { once } = require('node:events');
const measure = require('./measure');

const server = http.createServer(route);
server.setMaxListeners(0);

function route(request, response) {
  withSession({ url: request.url, items: new Array(12).fill(request.url) }, session => {
    response.end(session.url);
  });
}

function withSession(session, done) {
  server.on('close', () => { session.items = null; }); // LEAK HERE
  setImmediate(done, session);
}

async function get(path) {
  const request = http.get({ port: server.address().port, host: '127.0.0.1', path, agent: false });
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'close');
}

server.listen(0, '127.0.0.1', () => measure(async round => {
  await Promise.all(Array.from({ length: 25 }, (_, i) => get(`/${round}/${i}`)));
}));
