#!/usr/bin/env node
// speedscope's own import of a .cpuprofile, run headless: prints what each way from the root took.
//
//   speedscope.mjs FILE      "self total stack" in microseconds, as `profstat --dump stacks` but for the unit
//
// Its numbers are changed where it is known to count differently: the last sample gets what is left of the profile, 2.5
// medians at most (speedscope: nothing); a lone (program) sample between two of the same function that the event loop
// called belongs to the stack before, as in DevTools; (program), and garbage collection that interrupts it, stand alone
// (speedscope: on the stack before). (idle) is no frame there. Needs ./setup, which takes the importer out of the published page.
import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import vm from 'node:vm';

const cache = process.env.SNAPDIFF_CACHE ?? `${homedir()}/.cache/snapdiff`;
const page = JSON.parse(readFileSync(`${cache}/node_modules/speedscope/package.json`, 'utf8'));
const folder = `${cache}/node_modules/speedscope/dist/release`;
const script = /src="(speedscope-[A-Z0-9]+\.js)"/.exec(readFileSync(`${folder}/index.html`, 'utf8'))[1];
const text = readFileSync(`${folder}/${script}`, 'utf8');

// The last statements draw the page; the importer's minified name stands behind its message, its module is to be started.
const named = (message) => new RegExp(`${message.replace(/[()]/g, '\\$&')}"\\),\\w+\\((\\w+)\\(`).exec(text)?.[1];
const current = named('Importing as Chrome CPU Profile');
const start = /,(\w+)=\w+\(\(\)=>\{"use strict";(?:\w+\(\);)*\w+=new Map\}\);function \w+\(t\)\{let\{frames:e,mode:n,raw:a/.exec(text)?.[1];
const end = text.lastIndexOf('console.log(`speedscope v');
if (!current || !start || end < 0) throw new Error(`speedscope ${page.version} is built differently`);
const nothing = () => new Proxy(function () {}, {
  get: (_, key) => key === Symbol.toPrimitive ? () => '' : key === Symbol.iterator ? [][Symbol.iterator] : nothing(),
  apply: nothing, construct: nothing, set: () => true,
});
const world = {console: {log() {}, warn() {}}, TextDecoder, TextEncoder, setTimeout, URL, found: null};
for (const name of ['window', 'document', 'self', 'location', 'navigator', 'localStorage', 'performance', 'history', 'matchMedia',
  'requestAnimationFrame', 'Image', 'FileReader', 'FontFace', 'ResizeObserver']) world[name] = nothing();
vm.runInNewContext(`${text.slice(0, end)}${start}();found=${current};})();`, world);

const profile = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const isSystem = (n) => ['(program)', '(garbage collector)', '(idle)', '(root)'].includes(n.callFrame.functionName);

// The samples as speedscope wants them, with an end, and lone (program) samples repaired.
function prepare(p) {
  const byId = new Map(p.nodes.map((n) => [n.id, n])), parent = new Map();
  for (const n of p.nodes) for (const c of n.children ?? []) parent.set(c, n.id);
  for (const n of p.nodes) if (n.parent !== undefined) parent.set(n.id, n.parent);
  const root = p.nodes.find((n) => n.callFrame.functionName === '(root)').id;
  const outermost = (id) => { while (parent.has(id) && parent.get(id) !== root) id = parent.get(id); return id; };
  const samples = [...p.samples];
  for (let i = 1; i + 1 < samples.length; i++) {
    const [a, b, c] = [samples[i - 1], samples[i], samples[i + 1]].map((id) => byId.get(id));
    if (b.callFrame.functionName === '(program)' && !isSystem(a) && !isSystem(c) && outermost(a.id) === outermost(c.id))
      samples[i] = a.id;
  }
  const sorted = p.timeDeltas.slice(1).sort((a, b) => a - b), median = sorted[sorted.length >> 1] ?? 0;
  const last = p.startTime + p.timeDeltas.reduce((a, b) => a + b, 0);
  const rest = p.endTime < last ? median : Math.min(p.endTime - last, 2.5 * median);
  return {...p, samples: [...samples, root], timeDeltas: [...p.timeDeltas, rest]};
}

const convert = (p) => {
  const flat = [], walk = (n) => { flat.push({id: n.id, hitCount: n.hitCount, children: n.children.map((c) => c.id),
    callFrame: {functionName: n.functionName, url: n.url, lineNumber: n.lineNumber - 1, columnNumber: (n.columnNumber ?? 0) - 1}});
    n.children.forEach(walk); };
  walk(p.head);
  const times = p.timestamps;
  return {nodes: flat, samples: p.samples, startTime: p.startTime * 1e6, endTime: p.endTime * 1e6,
    timeDeltas: times.map((t, i) => i ? t - times[i - 1] : t - p.startTime * 1e6)};
};

const imported = world.found(prepare(profile.head ? convert(profile) : profile));
const rows = new Map(), open = [];
const add = (key, self, total) => {
  const row = rows.get(key) ?? [0, 0];
  rows.set(key, [row[0] + self, row[1] + total]);
};
const frame = ({name, file, line, col}) => {
  const own = name === '(anonymous)' || name === `(anonymous ${file?.split('/').pop()}:${line})` ? '' : name;
  return file ? `${own} ${file}:${line}:${col}` : own;
};
imported.forEachCall((node, at) => {
  const {name} = node.frame, below = open.at(-1);
  const alone = name === '(program)' || (name === '(garbage collector)' && below?.node.frame.name === '(program)');
  open.push({key: below && !alone ? `${below.key};${frame(node.frame)}` : frame(node.frame), node, at, inside: 0, lost: 0, alone});
}, (node, at) => {
  const top = open.pop(), below = open.at(-1), took = at - top.at;
  add(top.key, took - top.inside, took - top.lost);
  if (!below) return;
  below.inside += took;
  below.lost += top.alone ? took : top.lost;
});

const us = Math.round;
const order = (a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]));
process.stdout.write('self\ttotal\tstack\n' + [...rows].filter(([, [, total]]) => us(total) !== 0).sort(order)
    .map(([key, [self, total]]) => `${us(self)}\t${us(total)}\t${JSON.stringify(key.toWellFormed())}\n`).join(''));
