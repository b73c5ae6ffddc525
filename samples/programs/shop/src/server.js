'use strict';
const http = require('node:http');
const bus = require('./bus');
const metrics = require('./metrics');
const products = require('./products');
const sessionCache = require('./session-cache');

let nextUser = 1;
let nextOrder = 1;

function login(body) {
  const id = nextUser++;
  const user = { id, name: body.name, email: `${body.name}@example.com`, roles: ['customer'] };
  return { token: sessionCache.open(user).token };
}

function placeOrder(session, body) {
  const context = { orderId: nextOrder++, items: body.items, note: body.note, status: 'open' };
  // LEAK: each request adds a listener that nobody removes; each keeps its request's context.
  bus.onOrder(function confirmOrder(orderId) {
    if (orderId === context.orderId) context.status = 'confirmed';
  });
  session.lastPage = '/order';
  bus.announceOrder(context.orderId);
  return { orderId: context.orderId, status: context.status };
}

function route(request, body) {
  if (request.method === 'POST' && request.url === '/login') return login(body);
  if (request.url.startsWith('/products/')) return products.get(Number(request.url.slice(10)));
  const session = sessionCache.find(request.headers.authorization);
  if (!session) return undefined;
  return request.url === '/order' ? placeOrder(session, body) : { slowest: metrics.slowest() };
}

const server = http.createServer(async (request, response) => {
  const started = performance.now();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = route(request, chunks.length ? JSON.parse(Buffer.concat(chunks)) : {});
  response.statusCode = answer ? 200 : 404;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answer ?? {}));
  metrics.record(request.method, request.url, response.statusCode, performance.now() - started);
});

server.listen(8080, '127.0.0.1');
