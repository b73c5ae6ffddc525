'use strict';
// Requests to server.js, one after the other with pauses: forty ordinary ones around one for /report.
const http = require('http');
const agent = new http.Agent({ keepAlive: true });
const get = path => new Promise((resolve, reject) =>
  http.get({ host: '127.0.0.1', port: 8080, path, agent }, r => r.resume().on('end', resolve)).on('error', reject));
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
(async () => {
  await sleep(300);
  for (let i = 0; i < 40; i++) {
    await get(i === 20 ? '/report' : '/user' + i);
    await sleep(8);
  }
  await get('/end');
  agent.destroy();
})();
