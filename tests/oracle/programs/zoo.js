'use strict';
// One of every structure that a heap snapshot shows in its own way. `grow` adds more of each and lets some go,
// so that a pair of snapshots has rows that are added, removed, changed in size and unchanged.
const EventEmitter = require('node:events');
const {AsyncLocalStorage} = require('node:async_hooks');

class Animal {
  #secret = {kind: 'secret'};
  static registry = new Map();
  constructor(name) {
    this.name = name;
    Animal.registry.set(name, this);
  }
  secret() { return this.#secret; }
}
class Bird extends Animal {
  constructor(name) {
    super(name);
    this.wings = [new Wing(this, 'left'), new Wing(this, 'right')];
  }
}
class Wing {
  constructor(owner, side) {
    this.owner = owner;
    this.side = side;
  }
}
// The same class name in another place: DevTools keeps the two apart by their location.
const other = {Wing: class Wing { span = {metres: 12.5}; }};

const keep = {
  birds: [], planes: [], maps: [], sets: [], weak: new WeakMap(), weakSet: new WeakSet(), refs: [], shapes: [],
  closures: [], timers: [], promises: [], buffers: [], strings: [], symbols: [], errors: [], generators: [],
  regexps: [], bigints: [], bound: [], proxies: [], dates: [], sparse: [], accessors: [], contexts: [],
};
const emitter = new EventEmitter();
emitter.setMaxListeners(0);
const target = new EventTarget();
EventEmitter.setMaxListeners(0, target);
const storage = new AsyncLocalStorage();
const registry = new FinalizationRegistry(() => {});
const released = [];
let serial = 0;

function counter(start) {
  let value = {start};
  const unused = new Array(50).fill(start);
  return [() => value, () => unused.length];
}
function* walk(list) {
  const local = {list};
  for (const item of list) yield [item, local];
}
async function waitFor(gate, payload) {
  const scratch = {payload, at: new Date(0)};
  await gate;
  return scratch;
}

function grow(count) {
  for (let i = 0; i < count; i++) {
    const n = serial++;
    const bird = new Bird('bird-' + n);
    keep.birds.push(bird);
    if (n % 3 === 0) keep.planes.push(new other.Wing());
    keep.maps.push(new Map([[bird, n], ['k' + n, {n}]]));
    keep.sets.push(new Set([bird, 'member ' + n, n]));

    // Values of a weak map that lean on their key, on another entry, and on nothing.
    keep.weak.set(bird, {owner: bird, label: 'weak ' + n});
    if (n > 0) keep.weak.set(keep.maps[n], keep.birds[n - 1]);
    keep.weakSet.add(bird);
    keep.refs.push(new WeakRef(bird), new WeakRef({gone: n}));
    registry.register(bird, {held: n}, bird);

    // Plain objects: shared shapes, the same names in another order, a subset, awkward names, a dictionary, none.
    keep.shapes.push({x: n, y: n + 0.5}, {x: bird, y: null}, {y: 1, x: 2}, {x: 1, y: 2, z: {deep: {deeper: n}}});
    keep.shapes.push({'quoted "name"': 1, 'with, comma': 2, "it's": 3, '{}': 4, '': 5}, {}, Object.create(null));
    const dictionary = {};
    for (let k = 0; k < 30; k++) dictionary['property_number_' + k] = k % 7 ? k : {k};
    delete dictionary.property_number_3;
    keep.shapes.push(dictionary, {[n]: 'element', ['dynamic_' + (n % 5)]: true, '\u00e9t\u00e9': '\u{1f600}'});

    keep.closures.push(...counter(n), () => bird.name + n);
    keep.bound.push(grow.bind(bird, n, {argument: n}));
    emitter.on('tick', () => n);
    if (n % 2) emitter.once('tock', () => bird);
    target.addEventListener('event-' + (n % 4), () => bird);
    storage.run({store: n}, () => keep.timers.push(setTimeout(() => bird, 1e6 + (n % 3) * 1000)));
    keep.timers.push(setInterval(() => n, 1e6));
    setImmediate(() => bird);

    const gate = n % 2 ? new Promise(() => {}) : Promise.resolve({settled: n});
    keep.promises.push(gate, waitFor(gate, bird), gate.then(() => bird));
    const generator = walk([bird, n]);
    generator.next();
    keep.generators.push(generator);

    const bytes = new ArrayBuffer(256);
    keep.buffers.push(
        bytes, new Uint8Array(bytes, 16, 8), new Float64Array([n, n / 3]), Buffer.alloc(3000, n & 255), Buffer.from('b' + n),
        new DataView(bytes), new SharedArrayBuffer(64));

    const long = 'a text that is long enough to be sliced and joined, number ' + n;
    keep.strings.push(
        long, long.slice(10, 40), long + bird.name + long, 'caf\u00e9 ' + n, '\u4f60\u597d ' + n, 'tab\tquote"back\\slash\u0001\n' + n,
        'lone \ud83d half ' + n, 'duplicate ' + (n % 2), 'x'.repeat(2000 + n));
    keep.symbols.push(Symbol('symbol ' + n), Symbol.for('shared symbol'), {[Symbol('key ' + n)]: bird});
    keep.errors.push(new RangeError('error ' + n, {cause: bird}));
    keep.regexps.push(new RegExp('^a+' + n + '[,"{}]$', 'gu'), /\d+/.exec('123 ' + n));
    keep.bigints.push(2n ** 70n + BigInt(n));
    keep.dates.push(new Date(n * 1e9));
    keep.proxies.push(new Proxy(bird, {get: (object, key) => object[key]}));
    const sparse = [n, , 'hole', 1.25 * n];
    sparse[100000 + n] = bird;
    keep.sparse.push(sparse, [n, n + 1, n + 2], [n + 0.25, n + 0.75], Array.from({length: 20}, (_, k) => ({k})));
    keep.accessors.push({get now() { return bird; }, set now(value) { keep.last = value; }, plain: n});
    keep.contexts.push(eval('(function () { return bird; })'));
  }
  for (let n = 0; n < 200; n++) keep['double_' + (n % 10)] = n * 1.5;
}

function shrink(count) {
  for (const name of ['planes', 'maps', 'shapes', 'errors', 'strings', 'regexps', 'promises']) keep[name].splice(0, count);
  for (const timer of keep.timers.splice(0, count)) clearTimeout(timer);
  for (let n = 0; n < count; n++) {
    released.push(Animal.registry.delete('bird-' + n));
    keep.birds[n] = undefined;
  }
  emitter.removeAllListeners('tock');
}

module.exports = {grow, shrink, keep, emitter, target, storage, registry};
