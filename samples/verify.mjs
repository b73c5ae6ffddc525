#!/usr/bin/env node
// Usage: verify.mjs       Checks truth.tsv against the snapshots and against the programs' sources.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Heap } from './heap.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const heaps = new Map();
function heapOf(name) {
  if (!heaps.has(name)) heaps.set(name, new Heap(join(here, `${name}.heapsnapshot.zst`)));
  return heaps.get(name);
}

// Slots of a hash table: 3 header words, B buckets, room for 2 B entries of 3 (Map) or 2 (Set) slots. A Smi key has
// no edge, so entries are counted by position; what is left of a deleted entry are hidden oddballs.
function entries(heap, collection) {
  const table = heap.follow(collection, 'internal', 'table');
  const width = collection.name === 'Map' ? 3 : 2;
  const slots = (table.selfBytes - 16) / 8;
  const buckets = (slots - 3) / (2 * width + 1);
  const full = table.edges.filter(e => /^\d+$/.test(e.name) && heap.nodes[e.to].type !== 'hidden');
  return new Set(full.map(e => Math.floor((Number(e.name) - 3 - buckets) / width))).size;
}

// EventTarget: a Map from the type to a list of Listeners; here there is one type.
function listeners(heap, map) {
  const table = heap.follow(map, 'internal', 'table');
  const root = table.edges.map(e => heap.nodes[e.to]).find(node => heap.follow(node, 'property', 'next'));
  let count = 0;
  for (let node = root; (node = heap.follow(node, 'property', 'next'))?.name === 'Listener';) count++;
  return count;
}

const measures = {
  entries,
  listeners,
  elements: (heap, array) => array.edges.filter(e => e.type === 'element').length,
  store_bytes: (heap, array) => heap.follow(array, 'internal', 'elements').selfBytes,
};

function measure(heap, { measure, path, file }) {
  const [variable, ...properties] = path.split('.');
  let node = heap.variable(file, variable);
  for (const name of properties) node = heap.follow(node, 'property', name);
  return node ? measures[measure](heap, node) : 0;
}

// /srv/NAME/... is samples/programs/NAME/...; what a newer version changed lies in NAME-v2.
function sourceLine(file, line, snapshot) {
  const path = file.replace(/^\/srv\//, '');
  const inVersion = snapshot.endsWith('.v2') ? path.replace('/', '-v2/') : path;
  return readFileSync(join(here, 'programs', inVersion), 'utf8').split('\n')[line - 1];
}

const [header, ...lines] = readFileSync(join(here, 'truth.tsv'), 'utf8').trim().split('\n').map(l => l.split('\t'));
let wrong = 0;
function expect(row, what, want, got) {
  if (want === got) return;
  wrong++;
  console.log(`${row.before}..${row.after} ${row.path}: ${what}: truth.tsv says ${want}, found ${got}`);
}

for (const line of lines) {
  const row = Object.fromEntries(header.map((name, i) => [name, line[i]]));
  const before = measure(heapOf(row.before), row);
  const after = measure(heapOf(row.after), row);
  expect(row, 'before_n', Number(row.before_n), before);
  expect(row, 'after_n', Number(row.after_n), after);
  expect(row, 'delta', Number(row.delta), after - before);
  const variable = row.path.split('.')[0];
  const declaration = sourceLine(row.file, row.line, row.after);
  expect(row, `declaration in "${declaration}"`, true, new RegExp(`^(const|let) ${variable} = `).test(declaration));
  if (row.added_line === '-') continue;
  const [type, name] = row.added.split(' ');
  const located = heapOf(row.after).members(type, name, row.added_file);
  if (row.measure !== 'listeners' && row.after_n !== '0') expect(row, `${row.added} in the heap`, true, located.length >= after);
  for (const member of located.slice(0, 1)) expect(row, 'added_line', Number(row.added_line), member.location.line);
  const text = sourceLine(row.added_file, row.added_line, row.after);
  expect(row, `"${text}"`, true, type === 'closure' ? text.includes(`function ${name}`) : text.includes('constructor('));
}
console.log(`${lines.length} rows, ${wrong} wrong`);
process.exitCode = wrong ? 1 : 0;
