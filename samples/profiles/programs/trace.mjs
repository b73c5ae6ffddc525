// usage: trace.mjs CHROMIUM PAGE OUT - a trace of the page as DevTools' Performance panel records it, cut to the events of
// the page's process that have to do with JavaScript: a whole one has megabytes of drawing and input.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [chromium, page, out] = process.argv.slice(2);
const categories = ['disabled-by-default-v8.cpu_profiler', 'devtools.timeline', 'v8.execute', '__metadata'];
const kept = new Set(['Profile', 'ProfileChunk', 'thread_name', 'process_name', 'RunTask', 'FunctionCall', 'EvaluateScript',
  'TimerFire', 'TimerInstall', 'MinorGC', 'MajorGC', 'v8.run', 'V8.DeoptimizeCode']);
const browser = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking',
  '--user-data-dir=profile', '--remote-debugging-pipe', 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const waiting = new Map(), events = [];
let next = 1, text = '', complete;
const done = new Promise(resolve => { complete = resolve; });
browser.stdio[4].on('data', piece => {
  const messages = (text + piece).split('\0');
  text = messages.pop();
  for (const m of messages.map(t => JSON.parse(t))) {
    if (m.method === 'Tracing.dataCollected') events.push(...m.params.value);
    if (m.method === 'Tracing.tracingComplete') complete();
    waiting.get(m.id)?.(m.result ?? {});
  }
});
const call = (method, params = {}, sessionId = undefined) => new Promise(resolve => {
  waiting.set(next, resolve);
  browser.stdio[3].write(JSON.stringify({ id: next++, method, params, sessionId }) + '\0');
});
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
await call('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: categories } });
await call('Page.navigate', { url: page }, sessionId);
for (let i = 0; i < 100; i++) {
  await sleep(100);
  const { result } = await call('Runtime.evaluate', { expression: 'document.title' }, sessionId);
  if (result?.value === 'done') break;
}
await call('Tracing.end');
await done;
await call('Browser.close');
const runs = events.filter(e => e.name === 'ProfileChunk' && JSON.stringify(e).includes('"tick"'));
if (!runs.length) throw new Error('the profile of the page is not in the trace');
const { pid } = runs[0];
const rows = events.filter(e => e.pid === pid && kept.has(e.name)).map(e => JSON.stringify(e));
writeFileSync(out, `{"traceEvents":[\n${rows.join(',\n')}\n],"metadata":{"source":"DevTools"}}\n`);
