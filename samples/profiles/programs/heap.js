'use strict';
// Memory that is still alive at the end, from two functions of very different appetite.
function rows(n) { return Array.from({ length: n }, (_, i) => ({ id: i, name: 'row ' + i, tags: [i, i + 1] })); }
function index(list) { const m = new Map(); for (const r of list) m.set(r.name, { row: r, seen: false }); return m; }
const kept = rows(60000);
globalThis.byName = index(kept);
globalThis.buffers = Array.from({ length: 20 }, () => Buffer.alloc(65536));
