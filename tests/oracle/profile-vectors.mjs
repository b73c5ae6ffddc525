#!/usr/bin/env node
// Writes the CPU profile vectors of tests/fixtures/profiles: small trees with what recordings seldom show. Fixed seed.
//   profile-vectors.mjs DIR
import {writeFileSync} from 'node:fs';

let seed = 7;
const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648, Math.floor(seed / 2147483648 * n));

function tree(size) {
  const meta = ['(root)', '(program)', '(idle)', '(garbage collector)'];
  const nodes = meta.map((functionName, i) => ({
    id: i + 1, hitCount: 0, children: [],
    callFrame: {functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1}
  }));
  nodes[0].children = [2, 3, 4];
  for (let i = meta.length; i < size; i++) {
    const parent = i < 8 ? nodes[0] : nodes[4 + random(i - 4)];
    const f = random(9); // few functions, so that many are recursive
    nodes.push({
      id: i + 1, hitCount: 0, children: [],
      callFrame: {functionName: `f${f}`, scriptId: `${f % 3}`, url: `file:///srv/app/${f % 3}.js`, lineNumber: f, columnNumber: f}
    });
    parent.children.push(i + 1);
  }
  return nodes;
}

// Runs of garbage collection, lone (program) samples and negative distances at every turn.
function samples(nodes, n) {
  const ids = [], deltas = [];
  let last = 5;
  for (let i = 0; i < n; i++) {
    const dice = random(10);
    const id = dice < 2 ? 4 : dice < 4 ? 2 : dice < 5 ? 3 : dice < 8 ? last : 5 + random(nodes.length - 4);
    if (id > 4) last = id;
    ids.push(id);
    deltas.push(random(12) === 0 ? -random(700) : random(25) === 0 ? 20000 : 900 + random(300));
    nodes[id - 1].hitCount++;
  }
  return {samples: ids, timeDeltas: deltas};
}

function head(profile) {
  const byId = new Map(profile.nodes.map((n) => [n.id, n]));
  const convert = ({id, hitCount, callFrame, children}) => ({
    functionName: callFrame.functionName, url: callFrame.url, lineNumber: callFrame.lineNumber + 1,
    columnNumber: callFrame.columnNumber + 1, callUID: id * 7, bailoutReason: id % 5 ? '' : 'no reason', id,
    scriptId: Number(callFrame.scriptId), hitCount, children: children.map((c) => convert(byId.get(c)))
  });
  let at = profile.startTime;
  return {
    typeId: 'CPU', uid: '1', title: 'older form', head: convert(profile.nodes[0]), startTime: profile.startTime / 1e6,
    endTime: profile.endTime / 1e6, samples: profile.samples, timestamps: profile.timeDeltas.map((d) => at += d)
  };
}

const dir = process.argv[2] ?? '.';
const vector = (size, n) => {
  const nodes = tree(size), {samples: ids, timeDeltas} = samples(nodes, n);
  const total = timeDeltas.reduce((a, b) => a + b, 0);
  return {nodes, startTime: 5000000, endTime: 5000000 + total + 900, samples: ids, timeDeltas};
};
writeFileSync(`${dir}/vector-random.cpuprofile`, JSON.stringify(vector(60, 900)));
const byParents = vector(30, 200);
for (const n of byParents.nodes) {
  for (const c of n.children) byParents.nodes[c - 1].parent = n.id;
}
for (const n of byParents.nodes) delete n.children;
writeFileSync(`${dir}/vector-parents.cpuprofile`, JSON.stringify(byParents));
writeFileSync(`${dir}/vector-head.cpuprofile`, JSON.stringify(head(vector(40, 300))));
