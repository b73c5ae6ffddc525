'use strict';
// A real server under requests of another process. One of them, /report, runs `recount`, which holds the event loop for
// 80 ms; the others are done in well under a millisecond. Prints how long `recount` took, and ends on /end.
const http = require('http');
const { performance } = require('perf_hooks');
function recount(ms) { const start = performance.now(); let n = 0; while (performance.now() - start < ms) n++; return n; }
function greet(name) { return JSON.stringify({ hello: name, at: new Array(20).fill(name.length) }); }
const server = http.createServer((request, response) => {
  if (request.url === '/report') {
    const start = performance.now();
    recount(80);
    console.log((performance.now() - start).toFixed(3));
  }
  response.end(greet(request.url));
  if (request.url === '/end') server.close();
});
server.keepAliveTimeout = 50;
server.listen(8080, '127.0.0.1');
