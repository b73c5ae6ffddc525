#!/usr/bin/env node
// Chrome DevTools' own heap snapshot code, run headless: prints the numbers snapdiff has to agree with.
//
//   devtools.mjs nodes|classes|stats FILE         table or JSON on stdout
//   devtools.mjs compare BASE TARGET              the Comparison view, ditto
//   devtools.mjs golden FILE PREFIX               PREFIX.nodes.tsv, .classes.tsv, .stats.json from one load
//
// FILE may end in .zst. Needs ./setup. Formats: README.md.
import {spawn} from 'node:child_process';
import {createReadStream, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {pathToFileURL} from 'node:url';

const cache = process.env.SNAPDIFF_CACHE ?? `${homedir()}/.cache/snapdiff`;

// The bundle carries code for pages beside the snapshot code; this is all it asks of them while loading.
globalThis.self ??= globalThis;
// Newer than Node 20, and all the snapshot code uses that is.
Promise.withResolvers ??= function() {
  let resolve, reject;
  const promise = new Promise((yes, no) => [resolve, reject] = [yes, no]);
  return {promise, resolve, reject};
};
console.warn = () => {};  // it reports unreachable nodes, which are no trouble
const DevTools = await import(pathToFileURL(`${cache}/devtools-bundle.mjs`).href);

async function load(file) {
  const input = file.endsWith('.zst') ? spawn('zstd', ['-dcq', file], {stdio: ['ignore', 'pipe', 'inherit']}).stdout
                                      : createReadStream(file, {highWaterMark: 1 << 20});
  input.setEncoding('utf8');
  const loader = new DevTools.HeapSnapshotLoader({sendEvent() {}});
  // DevTools reads the header in one piece before it looks further: hand it large chunks.
  let pending = '';
  for await (const chunk of input) {
    pending += chunk;
    if (pending.length < 1 << 20) continue;
    loader.write(pending);
    pending = '';
    await new Promise(setImmediate);
  }
  loader.write(pending);
  loader.close();
  // The second half of the work normally runs in a second worker; both ends may live in one thread.
  const {port1, port2} = new MessageChannel();
  new DevTools.SecondaryInitManager(port2);
  const snapshot = await loader.buildSnapshot(port1);
  port1.close();
  return snapshot;
}

// One spelling for every text, that of --dump: lone surrogates as U+FFFD; escaped is what JSON escapes, what no terminal shows, and
// what would begin a formula. The JSON means the same.
const hidden = /[\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e0fff}]/gu;
const escaped = (s) => [...Array(s.length).keys()].map((i) => '\\u' + s.charCodeAt(i).toString(16).padStart(4, '0')).join('');
const text = (s) => JSON.stringify(s.toWellFormed()).replace(hidden, escaped).replace(/^"([=+@\uff1d\uff0b\uff0d\uff20-])/, (all, c) => '"' + escaped(c));
const utf8Order = (a, b) => Buffer.compare(Buffer.from(a.toWellFormed()), Buffer.from(b.toWellFormed()));
const table = (header, rows) => header.join('\t') + '\n' + rows.map((row) => row.join('\t') + '\n').join('');

function nodes(snapshot) {
  const rows = [];
  const node = snapshot.createNode(0), dominator = snapshot.createNode(0);
  const fields = snapshot.nodeFieldCount;
  for (let i = 0; i < snapshot.nodeCount; i++) {
    node.nodeIndex = i * fields;
    // The root's entry in the dominator array is not meaningful; it is its own dominator by definition.
    dominator.nodeIndex = node.isRoot() ? node.nodeIndex : node.dominatorIndex();
    rows.push([
      node.id(), node.type() ?? `type#${node.rawType()}`, node.selfSize(), node.retainedSize(), node.distance(),
      dominator.id(), text(node.className())
    ]);
  }
  return table(['id', 'type', 'self_bytes', 'retained_bytes', 'distance', 'dominator_id', 'class'], rows);
}

function classes(snapshot) {
  const aggregates = snapshot.aggregatesWithFilter(new DevTools.HeapSnapshotModel.HeapSnapshotModel.NodeFilter());
  const rows = Object.keys(aggregates).sort(utf8Order).map((key) => {
    const {count, distance, self, maxRet} = aggregates[key];
    return [count, distance, self, maxRet, text(key)];
  });
  return table(['count', 'distance', 'self_bytes', 'retained_bytes', 'key'], rows);
}

function stats(snapshot) {
  const {total, native, v8heap} = snapshot.getStatistics();
  return JSON.stringify({
    total,
    native: {total: native.total, typed_arrays: native.typedArrays},
    v8heap: {
      total: v8heap.total, code: v8heap.code, js_arrays: v8heap.jsArrays, strings: v8heap.strings,
      system: v8heap.system
    }
  }) + '\n';
}

// As the heap profiler's Comparison view calls it: the newer snapshot's interfaces name the older one's objects.
function compare(base, target) {
  const diff = target.calculateSnapshotDiff(0, base.aggregatesForDiff(target.interfaceDefinitions()));
  const rows = Object.keys(diff).sort(utf8Order).map((key) => {
    const {addedCount, removedCount, addedSize, removedSize} = diff[key];
    return [addedCount, removedCount, addedSize, removedSize, text(key)];
  });
  return table(['added', 'removed', 'added_bytes', 'removed_bytes', 'key'], rows);
}

const commands = {
  nodes: [1, async (file) => nodes(await load(file))],
  classes: [1, async (file) => classes(await load(file))],
  stats: [1, async (file) => stats(await load(file))],
  compare: [2, async (base, target) => compare(await load(base), await load(target))],
  golden: [2, async (file, prefix) => {
    const snapshot = await load(file);
    writeFileSync(`${prefix}.nodes.tsv`, nodes(snapshot));
    writeFileSync(`${prefix}.classes.tsv`, classes(snapshot));
    writeFileSync(`${prefix}.stats.json`, stats(snapshot));
    return '';
  }],
};

const [command, ...args] = process.argv.slice(2);
const [arity, run] = commands[command] ?? [];
if (args.length !== arity) {
  console.error('usage: devtools.mjs nodes|classes|stats FILE | compare BASE TARGET | golden FILE PREFIX');
  process.exit(2);
}
const output = await run(...args);
// The secondary port keeps the event loop alive, so leave explicitly, once everything is written.
process.stdout.write(output, () => process.exit(0));
