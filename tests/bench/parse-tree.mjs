// node parse-tree.mjs SIZE_MB A.heapsnapshot B.heapsnapshot
// Parses TypeScript and JavaScript sources and keeps the trees, takes snapshot A, parses about 4 %
// more, takes snapshot B. Of the trees that came after A, every second one is also in `recent`, so
// that neither the Map nor the array alone retains it.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { parse } from '@babel/parser';

const trees = new Map();
const recent = [];

// Snapshot bytes that one byte of source gives; measured, see README.md.
const SNAPSHOT_BYTES_PER_SOURCE_BYTE = 47;
const BARE_PROCESS_BYTES = 8e6;
const GROWTH = 0.04;

function* sources(dir) {
  const entries = readdirSync(dir, { withFileTypes: true });
  for (const entry of entries.sort((x, y) => (x.name < y.name ? -1 : 1))) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|js|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield path;
  }
}

// Small files in the order of a hash, so that terse and wordy sources are mixed alike in every size;
// files over 200 kB are left out, or one of them could be a tenth of a small pair. Only the largest
// pairs need them, and begin with them. Every twelfth small file is held back for the growth.
function sourceLists(megabytes) {
  const modules = join(import.meta.dirname, 'node_modules');
  const rank = path => createHash('md5').update(path.slice(modules.length)).digest('hex');
  const all = ['chrome-devtools-frontend', 'typescript'].flatMap(name => [...sources(join(modules, name))]);
  const isBig = path => statSync(path).size > 200e3;
  const small = all.filter(path => !isBig(path)).sort((x, y) => (rank(x) < rank(y) ? -1 : 1));
  return {
    early: [...(megabytes > 1000 ? all.filter(isBig) : []), ...small.filter((_, i) => i % 12)].values(),
    late: small.filter((_, i) => i % 12 === 0).values(),
  };
}

function parseUntil(limit, files, keep) {
  for (let bytes = 0; bytes < limit;) {
    const { value: path, done } = files.next();
    if (done) throw new Error('the sources ran out; add a package to make-inputs');
    const text = readFileSync(path, 'utf8');
    const plugins = path.endsWith('.ts') ? ['typescript', 'decorators'] : [];
    try {
      keep(path, parse(text, { sourceType: 'unambiguous', errorRecovery: true, plugins }));
      bytes += text.length;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
}

const [megabytes, fileA, fileB] = process.argv.slice(2);
const budget = (megabytes * 1e6 - BARE_PROCESS_BYTES) / SNAPSHOT_BYTES_PER_SOURCE_BYTE;
const { early, late } = sourceLists(megabytes);
parseUntil(budget / (1 + GROWTH), early, (path, tree) => trees.set(path, tree));
writeHeapSnapshot(fileA);
parseUntil(budget * GROWTH / (1 + GROWTH), late, (path, tree) => {
  trees.set(path, tree);
  if (trees.size % 2) recent.push(tree);
});
writeHeapSnapshot(fileB);
process.exitCode = recent.length > 0 && trees.size > 0 ? 0 : 1; // both stay reachable until here
