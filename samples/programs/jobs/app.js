'use strict';
const http = require('node:http');
const { recentResults, submit } = require('./jobs');

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = request.url === '/jobs'
    ? await submit(JSON.parse(Buffer.concat(chunks)).input)
    : recentResults();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answer));
});

server.listen(8080, '127.0.0.1');
