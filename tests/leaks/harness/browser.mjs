// browser.mjs DIR - DIR/page.html in Chromium: its work(round) is called as measure.js would, and DIR/A, B and C
// .heapsnapshot are taken. Over the plain protocol, since a library would leave worlds and scripts of its own in the heap.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const WARM_UP = 6, BETWEEN = 3;
const dir = process.argv[2];

class Tab {
  #pipe;
  #session;
  #last = 0;
  #waiting = new Map();
  #file;

  constructor(browser) {
    this.#pipe = browser.stdio[3];
    let pending = '';
    browser.stdio[4].setEncoding('utf8').on('data', data => {
      const messages = (pending + data).split('\0');
      pending = messages.pop();
      for (const message of messages) this.#receive(JSON.parse(message));
    });
  }

  #receive({ id, method, params, error, result }) {
    if (method === 'HeapProfiler.addHeapSnapshotChunk') writeSync(this.#file, params.chunk);
    const call = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  }

  call(method, params = {}) {
    const id = ++this.#last;
    this.#pipe.write(JSON.stringify({ id, method, params, sessionId: this.#session }) + '\0');
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  async attach() {
    const { targetInfos } = await this.call('Target.getTargets');
    const { targetId } = targetInfos.find(target => target.type === 'page');
    this.#session = (await this.call('Target.attachToTarget', { targetId, flatten: true })).sessionId;
  }

  async evaluate(expression) {
    const { exceptionDetails } = await this.call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  async snapshot(path) {
    for (let i = 0; i < 2; i++) {
      await sleep(30);
      await this.call('HeapProfiler.collectGarbage');
    }
    this.#file = openSync(path, 'w');
    await this.call('HeapProfiler.takeHeapSnapshot');
    closeSync(this.#file);
  }
}

async function load(tab) {
  await tab.attach();
  await tab.call('Page.navigate', { url: `file://${dir}/page.html` });
  for (let i = 0; ; i++) {
    await sleep(100);
    const { result } = await tab.call('Runtime.evaluate', { expression: "document.readyState === 'complete' && typeof work" });
    if (result.value === 'function') return;
    if (i === 100) throw new Error('the page has no work()');
  }
}

async function take(tab) {
  let round = 0;
  const repeat = async times => {
    for (; times > 0; times--) {
      await tab.evaluate(`Promise.resolve(work(${round++})).then(() => 0)`);
      await sleep(10);
    }
  };
  await repeat(WARM_UP);
  await tab.call('HeapProfiler.enable');
  for (const name of 'ABC') {
    await repeat(BETWEEN);
    await tab.snapshot(`${dir}/${name}.heapsnapshot`);
  }
}

const browser = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-quic', '--disable-extensions', '--disable-dev-shm-usage',
  '--remote-debugging-pipe', '--user-data-dir=/srv/profile', 'about:blank'
], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
try {
  const tab = new Tab(browser);
  await load(tab);
  await take(tab);
} finally {
  browser.kill('SIGKILL');
  await once(browser, 'exit');
}
process.exit(0);
