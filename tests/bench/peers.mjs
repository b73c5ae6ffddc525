// node peers.mjs memlab|v8-heap-parser FILE [TARGET]
// Loads a snapshot with another library as far as retained sizes; with TARGET both, one after the other.
// The packages are put in $SNAPDIFF_CACHE/peers by run --peers.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';

const cache = process.env.SNAPDIFF_CACHE ?? `${homedir()}/.cache/snapdiff`;
const require = createRequire(`${cache}/peers/`);

const load = {
  async memlab(file) {
    const { analysis, config, utils } = require('@memlab/core');
    config.muteConsole = true;
    const heap = await utils.getSnapshotFromFile(file, { buildNodeIdIndex: true, verbose: false });
    analysis.preparePathFinder(heap); // dominators and retained sizes
    return heap.nodes.length;
  },
  async 'v8-heap-parser'(file) {
    const graph = require('@vscode/v8-heap-parser').decode_bytes(readFileSync(file));
    return graph.get_class_groups(0, 10, false).length;
  },
};

const [name, ...files] = process.argv.slice(2);
for (const file of files) if (!(await load[name](file))) throw new Error(`${file}: nothing loaded`);
process.exit(0);
