'use strict';
/*
 * A tree in pre-order as boxes side by side: where each begins, how deep it lies, and which of them can be seen. Nothing
 * here draws; profiles and heaps use it alike.
 */

/**
 * @typedef {{n: number, parent: ArrayLike<number>, weight: ArrayLike<number>, depth: Int32Array, start: Float64Array,
 *   end: Int32Array, levels: Int32Array[], total: number}} Layout
 */

/**
 * Children lie in the order of the rows, from the left edge of their parent; what they leave over is the parent's own.
 * Or they lie where `at` says, as times do. O(rows). @param {ArrayLike<number>} parent -1 for roots
 * @param {ArrayLike<number>} weight @param {Float64Array} [at] @returns {Layout}
 */
function layOut(parent, weight, at) {
	const n = parent.length;
	const depth = new Int32Array(n), used = new Float64Array(n), end = new Int32Array(n);
	const start = at ?? new Float64Array(n);
	const counts = /** @type {number[]} */ ([]);
	let total = 0;
	for (let i = 0; i < n; i++) {
		const up = parent[i];
		if (up < 0) {
			start[i] = at ? at[i] : total;
			total += weight[i];
		} else {
			depth[i] = depth[up] + 1;
			start[i] = at ? at[i] : start[up] + used[up];
			used[up] += weight[i];
		}
		counts[depth[i]] = (counts[depth[i]] ?? 0) + 1;
	}
	const levels = counts.map((c) => new Int32Array(c)), filled = new Int32Array(counts.length);
	for (let i = 0; i < n; i++)
		levels[depth[i]][filled[depth[i]]++] = i;
	for (let i = n - 1; i >= 0; i--) {
		end[i] = Math.max(end[i], i + 1);
		if (parent[i] >= 0)
			end[parent[i]] = Math.max(end[parent[i]], end[i]);
	}
	return { n, parent, weight, depth, start, end, levels, total };
}

/** First place in a level whose box ends right of `x`. @param {Layout} l @param {Int32Array} level @param {number} x
 * @param {number} from */
function firstPast(l, level, x, from) {
	let low = from, high = level.length;
	while (low < high) {
		const mid = (low + high) >> 1, i = level[mid];
		if (l.start[i] + l.weight[i] <= x)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/**
 * Boxes of one level that are wider than `least` between x0 and x1; runs of narrower ones are jumped over, so the cost is
 * bounded by the width of the picture. @param {Layout} l @param {number} d @param {number} x0 @param {number} x1
 * @param {number} least @param {(row: number) => void} visit
 */
function visibleBoxes(l, d, x0, x1, least, visit) {
	const level = l.levels[d];
	let k = firstPast(l, level, x0, 0);
	while (k < level.length) {
		const i = level[k];
		if (l.start[i] >= x1)
			return;
		if (l.weight[i] >= least) {
			visit(i);
			k++;
		} else {
			k = firstPast(l, level, l.start[i] + least, k + 1);
		}
	}
}

/** The box at a point, -1: none. @param {Layout} l @param {number} d @param {number} x */
function boxAt(l, d, x) {
	const level = l.levels[d];
	if (!level || x < 0)
		return -1;
	const i = level[firstPast(l, level, x, 0)];
	return i !== undefined && l.start[i] <= x ? i : -1;
}

/** Is `row` in the subtree of `top`? @param {Layout} l @param {number} row @param {number} top */
function isBelow(l, row, top) {
	return row >= top && row < l.end[top];
}

/** Weight of all rows that match or lie below one that does, each counted once. @param {Layout} l @param {Uint8Array} hit
 * @param {number} [top] */
function coveredWeight(l, hit, top = 0) {
	let sum = 0;
	for (let i = top; i < l.end[top];) {
		if (hit[i]) {
			sum += l.weight[i];
			i = l.end[i];
		} else {
			i++;
		}
	}
	return sum;
}

/** Where the arrow keys lead: the heaviest child, the parent, the neighbours on the level within the same top.
 * @param {Layout} l @param {number} row @param {string} key @param {number} top */
function neighbour(l, row, key, top) {
	if (key === 'ArrowUp')
		return row === top ? row : l.parent[row];
	if (key === 'ArrowDown') {
		let best = row;
		for (let i = row + 1; i < l.end[row]; i = l.end[i])
			if (best === row || l.weight[i] > l.weight[best])
				best = i;
		return best;
	}
	const level = l.levels[l.depth[row]], at = firstPast(l, level, l.start[row], 0);
	const step = key === 'ArrowRight' ? 1 : -1;
	for (let k = at + step; k >= 0 && k < level.length && isBelow(l, level[k], top); k += step)
		if (l.weight[level[k]] > 0)
			return level[k];
	return row;
}
