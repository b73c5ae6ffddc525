// node load.mjs shop LOGINS ORDERS VIEWS | node load.mjs jobs JOBS
// Sends that many requests to 127.0.0.1:8080 over four connections, then ends.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

function call(method, path, body, token) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const headers = token ? { authorization: token } : {};
  const request = http.request({ host: '127.0.0.1', port: 8080, agent, method, path, headers }, async response => {
    let text = '';
    for await (const chunk of response) text += chunk;
    if (response.statusCode === 200) resolve(JSON.parse(text));
    else reject(new Error(`${method} ${path}: ${response.statusCode}`));
  });
  request.on('error', reject);
  request.end(body && JSON.stringify(body));
  return promise;
}

async function times(n, step) {
  let next = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (next < n) await step(next++);
  }));
}

async function shop(logins, orders, views) {
  const tokens = [];
  await times(logins, async i => tokens.push((await call('POST', '/login', { name: `customer${i}` })).token));
  await times(orders, i => call('POST', '/order', {
    items: [{ product: i, quantity: 1 + i % 3 }],
    note: `Please ring at door ${i}`,
  }, tokens[i % tokens.length]));
  await times(views, i => call('GET', `/products/${i}`));
}

async function jobs(count) {
  await times(count, i => call('POST', '/jobs', { input: `document ${i}` }));
}

const [program, ...counts] = process.argv.slice(2);
await { shop, jobs }[program](...counts.map(Number));
agent.destroy();
