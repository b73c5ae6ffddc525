'use strict';
/* How boxes of a flamegraph are coloured, and the legends. No colour means anything by itself: patterns and words go with it. */

/** By category: colour, words, whether striped. */
const CATEGORY_LOOKS = /** @type {Record<string, [string, string, boolean]>} */ ({
	application: ['part1', 'application', false],
	dependency: ['part3', 'dependencies', false],
	node: ['part0', 'Node.js', false],
	builtin: ['part4', 'built-in', false],
	regexp: ['part5', 'regular expressions', false],
	wasm: ['part6', 'WebAssembly', false],
	native: ['part2', 'native', false],
	kernel: ['part2', 'kernel', true],
	vm: ['part4', 'engine', true],
	gc: ['part5', 'garbage collection', true],
	program: ['box-flat', 'program', false],
	idle: ['box-flat', 'idle', true],
});

const PACKAGE_COLOURS = ['part0', 'part3', 'part2', 'part5', 'part6'];

/** @typedef {{fill: string[], striped: boolean[], key: [string, string, boolean][]}} FrameLook by frame */

/** @param {string[]} categories by frame @returns {FrameLook} */
function categoryLook(categories) {
	const looks = categories.map((c) => CATEGORY_LOOKS[c] ?? ['box-flat', c, false]);
	const key = Object.entries(CATEGORY_LOOKS).filter(([name]) => categories.includes(name)).map(([, look]) => look);
	return { fill: looks.map((l) => l[0]), striped: looks.map((l) => l[2]), key };
}

/** The packages with the most own value get colours; application code is none. @param {string[]} packages by frame
 * @param {string[]} categories by frame @param {ArrayLike<number>} self by frame @returns {FrameLook} */
function packageLook(packages, categories, self) {
	const sums = new Map();
	packages.forEach((p, f) => p && sums.set(p, (sums.get(p) ?? 0) + self[f]));
	const largest = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, PACKAGE_COLOURS.length * 2);
	const looks = new Map(largest.map(([p], i) => /** @type {[string, [string, string, boolean]]} */ (
		[p, [PACKAGE_COLOURS[i % PACKAGE_COLOURS.length], p, i >= PACKAGE_COLOURS.length]])));
	const own = /** @type {[string, string, boolean]} */ (['part1', 'application', false]);
	const other = /** @type {[string, string, boolean]} */ (['box-flat', 'other packages', false]);
	const rest = /** @type {[string, string, boolean]} */ (['part4', 'no package', false]);
	const all = packages.map((p, f) => looks.get(p) ?? (p ? other : categories[f] === 'application' ? own : rest));
	const key = [own, ...looks.values(), other, rest].filter((l) => all.includes(l));
	return { fill: all.map((l) => l[0]), striped: all.map((l) => l[2]), key };
}

/** Twice the standard error of a difference, from the samples behind both. @param {number} before @param {number} after
 * @param {number} samplesBefore @param {number} samplesAfter */
function changeError(before, after, samplesBefore, samplesAfter) {
	const part = (/** @type {number} */ v, /** @type {number} */ n) => (n > 0 ? v * v / n : 0);
	return 2 * Math.sqrt(part(before, samplesBefore) + part(after, samplesAfter));
}

/** @typedef {'more' | 'much' | 'less' | 'little' | 'new' | 'gone' | 'same'} Change */

/**
 * What became of a box: a change counts beyond the error of sampling, and from a thousandth of the whole on.
 * @param {number[]} v before and after, then the samples of both @param {number} whole @returns {Change}
 */
function changeOf(v, whole) {
	const [before, after, samplesBefore, samplesAfter] = v, delta = after - before;
	if (Math.abs(delta) <= changeError(before, after, samplesBefore, samplesAfter) || Math.abs(delta) * 1000 < whole)
		return 'same';
	if (!before || !after)
		return before ? 'gone' : 'new';
	if (delta > 0)
		return delta * 2 > after ? 'much' : 'more';
	return -delta * 2 > before ? 'little' : 'less';
}

const CHANGE_LOOKS = /** @type {Record<Change, [string, string, boolean]>} */ ({
	new: ['box-up', 'new, or more than twice', false],
	much: ['box-up', '', false],
	more: ['box-up2', 'more', false],
	same: ['box-flat', 'no change beyond the error of sampling', false],
	less: ['box-down2', 'less', true],
	little: ['box-down', 'less than half, or gone', true],
	gone: ['box-down', '', true],
});
