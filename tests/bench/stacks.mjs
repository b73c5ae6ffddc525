// A CPU profile with very many distinct stacks, the same each time: node stacks.mjs [STACKS] > many.cpuprofile
// Calls form a tree as those of a server do: a few entries, deep chains that share their beginnings, thousands of
// functions in hundreds of files, and own time at the ends. Each sample but the first is on another stack.
const wanted = Number(process.argv[2] ?? 100000);
const FUNCTIONS = 6000, DEEPEST = 90;
let seed = 20261121;
const random = () => (seed = seed * 16807 % 2147483647) / 2147483647;

const files = Array.from({ length: 400 }, (_, i) => (i % 4 ? `/srv/app/node_modules/package-${i % 57}/lib/part-${i}.js` :
	`/srv/app/src/module-${i}/index.js`));
const functions = Array.from({ length: FUNCTIONS }, (_, i) => ({
	functionName: i % 11 ? `handle${(i * 7919 % FUNCTIONS).toString(36)}` : '', scriptId: String(i % 400),
	url: `file://${files[i % 400]}`, lineNumber: i % 900, columnNumber: i % 40,
}));
const nodes = [{ id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
	hitCount: 0, children: [] }];
const seen = [new Set()], parents = [0], depth = [0], samples = [], timeDeltas = [];

/** How many functions one calls: few near the entry, more further down. */
const room = (node) => (depth[node] < 10 ? 3 : 24);

/** A child, a new one while there is room. */
function step(parent) {
	const { children } = nodes[parent];
	if (children.length >= room(parent))
		return children[Math.floor(random() * children.length)] - 1;
	let f;
	do
		f = Math.floor(random() ** 2 * FUNCTIONS);
	while (seen[parent].has(f));
	seen[parent].add(f);
	nodes.push({ id: nodes.length + 1, callFrame: functions[f], hitCount: 0, children: [] });
	children.push(nodes.length);
	seen.push(new Set());
	parents.push(parent);
	depth.push(depth[parent] + 1);
	return nodes.length - 1;
}

let at = 0;
while (samples.length < wanted) {
	// back towards the root, then down again: stacks that follow each other share their beginning
	for (let up = Math.floor(random() ** 2 * depth[at]); up > 0; up--)
		at = parents[at];
	for (let down = 1 + Math.floor(random() * 12); down > 0 && depth[at] < DEEPEST; down--)
		at = step(at);
	if (nodes[at].hitCount)
		continue;
	nodes[at].hitCount = 1;
	samples.push(at + 1);
	timeDeltas.push(800 + Math.floor(random() * 400));
}

const end = timeDeltas.reduce((sum, d) => sum + d, 1000000);
process.stdout.write(JSON.stringify({ nodes, startTime: 1000000, endTime: end, samples, timeDeltas }));
