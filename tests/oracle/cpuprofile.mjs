#!/usr/bin/env node
// Chrome DevTools' own CPU profile model, run headless: prints what each way from the root took.
//
//   cpuprofile.mjs time|hits FILE      "self total stack" in microseconds, as `profstat --dump stacks` but for the unit
//
// time: the flame chart's durations (CPUProfileDataModel.forEachFrame), in which garbage collection stands on the stack
// before it; below (idle) and (program) it stands alone here. The model gives the last sample an average duration; here it
// gets what is left of the profile, 2.5 medians at most, as profstat says it does. hits: the self and total of its tree.
// Needs ./setup.
import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {pathToFileURL} from 'node:url';

const cache = process.env.SNAPDIFF_CACHE ?? `${homedir()}/.cache/snapdiff`;
const {CPUProfileDataModel} = await import(pathToFileURL(`${cache}/devtools-cpu-bundle.mjs`).href);

const [mode, file] = process.argv.slice(2);
const profile = JSON.parse(readFileSync(file, 'utf8'));
const legacy = Boolean(profile.head);
const ends = legacy ? profile.endTime * 1000 : profile.endTime / 1000;
const model = new CPUProfileDataModel(structuredClone(profile));

const frame = (n) => {
  const {functionName: name, url, lineNumber: line, columnNumber: column} = n.callFrame;
  return url ? `${name} ${url}:${line + 1}:${column + 1}` : name;
};
const path = (n) => {
  const way = [];
  for (; n.parent; n = n.parent) way.unshift(frame(n));
  return way.join(';');
};
const rows = new Map();
const add = (key, self, total) => {
  const row = rows.get(key) ?? [0, 0];
  rows.set(key, [row[0] + self, row[1] + total]);
};

if (mode === 'hits') {
  for (const n of model.nodes()) if (n.parent) add(path(n), n.self, n.total);
} else {
  const distances = model.timestamps.slice(1, model.samples.length).map((t, i) => t - model.timestamps[i]).sort((a, b) => a - b);
  const median = distances[distances.length >> 1] ?? 0;
  const last = model.timestamps[model.samples.length - 1];
  model.timestamps[model.samples.length] = ends < last ? last + median : Math.min(ends, last + 2.5 * median);
  model.profileEndTime = model.timestamps[model.samples.length];
  // Who is open: a pseudo frame opens on the stack that it interrupts.
  const open = [];
  model.forEachFrame(
      (depth, n) => {
        const below = open.at(-1);
        const gc = n.functionName === '(garbage collector)';
        const alone = gc && (!below || ['(idle)', '(program)'].includes(below.node.functionName));
        open.push({node: n, key: gc && !alone ? `${below.key};${frame(n)}` : path(n), alone, lost: 0});
      },
      (depth, n, i, start, duration, self) => {
        const top = open.pop();
        if (top.alone && open.length) open.at(-1).lost += duration;
        add(top.key, self, duration - top.lost);
      });
}

const us = (ms) => Math.round(ms * 1000);
const order = (a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]));
process.stdout.write('self\ttotal\tstack\n' + [...rows].filter(([, [, total]]) => us(total) !== 0).sort(order)
    .map(([key, [self, total]]) => `${us(self)}\t${us(total)}\t${JSON.stringify(key.toWellFormed())}\n`).join(''));
