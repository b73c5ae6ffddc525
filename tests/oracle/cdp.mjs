// Records what needs a debugger's protocol: `cdp.mjs page CHROMIUM URL DIR` takes DIR/page-before and
// DIR/page-after, `cdp.mjs traced NODE PROGRAM DIR` takes DIR/traced (allocations with their stacks).
// Plain protocol on purpose: a browser-driving library would leave its own worlds and scripts in the heap.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createWriteStream} from 'node:fs';

class Session {
  #next = 1;
  #waiting = new Map();
  #chunks = null;
  constructor(send, sessionId) {
    this.send = send;
    this.sessionId = sessionId;
  }
  receive(message) {
    if (message.method === 'HeapProfiler.addHeapSnapshotChunk') this.#chunks?.write(message.params.chunk);
    const [resolve, reject] = this.#waiting.get(message.id) ?? [];
    this.#waiting.delete(message.id);
    if (message.error) reject?.(new Error(message.error.message));
    else resolve?.(message.result);
  }
  call(method, params = {}, sessionId = this.sessionId) {
    const id = this.#next++;
    this.send(JSON.stringify({id, method, params, ...(sessionId && {sessionId})}));
    return new Promise((resolve, reject) => this.#waiting.set(id, [resolve, reject]));
  }
  // `method` reports a snapshot in chunks; they all arrive before its answer does.
  async snapshot(file, method, params) {
    this.#chunks = createWriteStream(file);
    await this.call(method, params);
    this.#chunks.end();
    await once(this.#chunks, 'finish');
  }
  async evaluate(expression) {
    const {exceptionDetails} = await this.call('Runtime.evaluate', {expression});
    if (exceptionDetails) throw new Error(exceptionDetails.text);
  }
}
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function page(chromium, url, dir) {
  const browser = spawn(chromium, [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-quic', '--disable-extensions',
    '--remote-debugging-pipe', `--user-data-dir=${dir}/profile`, 'about:blank'
  ], {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
  const session = new Session((text) => browser.stdio[3].write(text + '\0'));
  let pending = '';
  browser.stdio[4].setEncoding('utf8').on('data', (data) => {
    const messages = (pending + data).split('\0');
    pending = messages.pop();
    for (const message of messages) session.receive(JSON.parse(message));
  });
  try {
    const {targetInfos} = await session.call('Target.getTargets');
    const {targetId} = targetInfos.find(({type}) => type === 'page');
    const {sessionId} = await session.call('Target.attachToTarget', {targetId, flatten: true});
    session.sessionId = sessionId;
    await session.call('Page.navigate', {url});
    await sleep(1500);
    await session.call('HeapProfiler.enable');
    await session.snapshot(`${dir}/page-before.heapsnapshot`, 'HeapProfiler.takeHeapSnapshot');
    await session.evaluate('grow(30); shrink(5)');
    await sleep(500);
    await session.snapshot(`${dir}/page-after.heapsnapshot`, 'HeapProfiler.takeHeapSnapshot');
    await session.call('Browser.close', {}, null);
    await once(browser, 'exit');
  } finally {
    browser.kill();
  }
}

async function traced(node, program, dir) {
  const child = spawn(node, ['--inspect=127.0.0.1:0', program], {stdio: ['pipe', 'ignore', 'pipe'], cwd: dir});
  try {
    let log = '';
    child.stderr.setEncoding('utf8');
    while (!/ws:\S+/.test(log)) log += (await once(child.stderr, 'data'))[0];
    const socket = new WebSocket(/ws:\S+/.exec(log)[0]);
    const session = new Session((text) => socket.send(text));
    socket.onmessage = ({data}) => session.receive(JSON.parse(data));
    await new Promise((resolve) => socket.onopen = resolve);
    await session.call('HeapProfiler.enable');
    await session.call('HeapProfiler.startTrackingHeapObjects', {trackAllocations: true});
    child.stdin.write('go\n');
    await sleep(1500);
    await session.snapshot(`${dir}/traced.heapsnapshot`, 'HeapProfiler.stopTrackingHeapObjects');
    socket.close();
  } finally {
    child.kill();
  }
}

const [command, ...args] = process.argv.slice(2);
await {page, traced}[command](...args);
process.exit(0);
