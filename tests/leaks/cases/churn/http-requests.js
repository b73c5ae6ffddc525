// @healthy
'use strict';
const http = require('node:http');
const { once } = require('node:events');
const measure = require('./measure');

const users = new Map(Array.from({ length: 300 }, (_, n) => ['u' + n, { id: n, name: 'User ' + n, mails: [] }]));

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const user = users.get(JSON.parse(Buffer.concat(chunks)).user);
  user.mails = [{ at: process.uptime(), text: 'welcome' }];
  response.end(JSON.stringify(user));
});

async function post(body) {
  const request = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', agent: false });
  request.end(JSON.stringify(body));
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text);
}

server.listen(0, '127.0.0.1', () => measure(async round => {
  await Promise.all(Array.from({ length: 20 }, (_, i) => post({ user: 'u' + ((round * 20 + i) % 300) })));
}));
