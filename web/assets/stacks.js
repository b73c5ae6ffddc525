'use strict';
/*
 * Call trees as columns: what a flamegraph is drawn from, and what is made of one by filtering, turning round and merging.
 * Nothing here knows a page. Row 0 is the whole; a parent stands before its children; every tree that is handed out is in
 * pre-order with the heaviest child first.
 */

/**
 * Of each row the parent, the frame (-1: the whole, or what was left out below its parent) and values, own and with all
 * below. The first value is what boxes are as wide as. `at` is given where boxes lie in time.
 * @typedef {{n: number, parent: Int32Array, frame: Int32Array, self: Float64Array[], total: Float64Array[],
 *   at?: Float64Array}} Stacks
 */

/** @param {Int32Array} parent @param {Float64Array[]} self @returns {Float64Array[]} */
function addUp(parent, self) {
	return self.map((own) => {
		const sum = own.slice();
		for (let i = parent.length - 1; i > 0; i--)
			sum[parent[i]] += sum[i];
		return sum;
	});
}

/** @param {Int32Array} parent @param {Int32Array} frame @param {Float64Array[]} self @returns {Stacks} */
function makeStacks(parent, frame, self) {
	return { n: parent.length, parent, frame, self, total: addUp(parent, self) };
}

/** A tree that grows: children are found by parent and frame. */
class StackBuilder {
	/** @param {number} frames how many there are @param {number} values */
	constructor(frames, values) {
		this.width = frames + 2;
		this.parent = [-1];
		this.frame = [-1];
		this.self = Array.from({ length: values }, () => [0]);
		this.index = new Map();
	}

	/** @param {number} parent @param {number} frame @returns {number} */
	child(parent, frame) {
		const key = parent * this.width + frame + 1, known = this.index.get(key);
		if (known !== undefined)
			return known;
		const node = this.parent.length;
		this.parent.push(parent);
		this.frame.push(frame);
		for (const column of this.self)
			column.push(0);
		this.index.set(key, node);
		return node;
	}

	/** @param {number} node @param {Float64Array[]} values @param {number} row of `values` */
	add(node, values, row) {
		this.self.forEach((column, k) => {
			column[node] += values[k][row];
		});
	}

	/** @returns {Stacks} */
	finish() {
		return arrange(makeStacks(Int32Array.from(this.parent), Int32Array.from(this.frame),
			this.self.map((column) => Float64Array.from(column))));
	}
}

/** In pre-order, the heaviest child first, without what weighs nothing. O(n log n). @param {Stacks} t @returns {Stacks} */
function arrange(t) {
	const first = new Int32Array(t.n).fill(-1), next = new Int32Array(t.n).fill(-1), weight = t.total[0];
	for (let i = t.n - 1; i > 0; i--)
		if (weight[i] > 0) {
			next[i] = first[t.parent[i]];
			first[t.parent[i]] = i;
		}
	const order = /** @type {number[]} */ ([]), parents = /** @type {number[]} */ ([]);
	const open = [0], above = [-1];
	while (open.length) {
		const i = /** @type {number} */ (open.pop()), row = order.length, children = [];
		order.push(i);
		parents.push(/** @type {number} */ (above.pop()));
		for (let k = first[i]; k >= 0; k = next[k])
			children.push(k);
		children.sort((a, b) => weight[a] - weight[b] || t.frame[b] - t.frame[a]);
		for (const k of children) {
			open.push(k);
			above.push(row);
		}
	}
	const pick = (/** @type {Float64Array} */ column) => Float64Array.from(order, (i) => column[i]);
	return { n: order.length, parent: Int32Array.from(parents), frame: Int32Array.from(order, (i) => t.frame[i]),
		self: t.self.map(pick), total: t.total.map(pick) };
}

/** Row after the last one of each subtree, of a tree in pre-order. @param {Stacks} t */
function subtreeEnds(t) {
	const end = new Int32Array(t.n);
	for (let i = t.n - 1; i >= 0; i--) {
		end[i] = Math.max(end[i], i + 1);
		if (i)
			end[t.parent[i]] = Math.max(end[t.parent[i]], end[i]);
	}
	return end;
}

/**
 * Only stacks with a frame of `focus`, frames of `hide` as if they were not there: their time goes to their callers.
 * @param {Stacks} t @param {number} frames @param {Uint8Array | null} focus by frame @param {Uint8Array | null} hide by frame
 */
function filterStacks(t, frames, focus, hide) {
	const b = new StackBuilder(frames, t.self.length), place = new Int32Array(t.n), wanted = new Uint8Array(t.n);
	wanted[0] = focus ? 0 : 1;
	for (let i = 0; i < t.n; i++) {
		const f = t.frame[i];
		if (i) {
			wanted[i] = wanted[t.parent[i]] || (f >= 0 && focus?.[f]) ? 1 : 0;
			place[i] = f >= 0 && hide?.[f] ? place[t.parent[i]] : b.child(place[t.parent[i]], f);
		}
		if (wanted[i])
			b.add(place[i], t.self, i);
	}
	return b.finish();
}

/**
 * Walk from `rows` towards the whole, all at once, and merge ways that are the same. Below `least` a box is not divided.
 * @param {Stacks} t @param {StackBuilder} b @param {number[]} rows @param {Float64Array[]} values by row
 * @param {number} start node of `b` @param {boolean} own whether the rows themselves become boxes @param {number} least
 */
function climb(t, b, rows, values, start, own, least) {
	const sum = [0];
	let at = rows, nodes = rows.map(() => start), source = rows;
	if (!own)
		at = rows.map((row) => t.parent[row]);
	while (at.length) {
		const upAt = [], upNodes = [], upSource = [];
		for (let k = 0; k < at.length; k++) {
			const row = at[k];
			if (row <= 0) {
				b.add(nodes[k], values, source[k]);
				continue;
			}
			const node = b.child(nodes[k], t.frame[row]);
			sum[node] = (sum[node] ?? 0) + values[0][source[k]];
			upAt.push(row);
			upNodes.push(node);
			upSource.push(source[k]);
		}
		at = [];
		nodes = [];
		source = [];
		for (let k = 0; k < upAt.length; k++) {
			if (sum[upNodes[k]] < least) {
				b.add(upNodes[k], values, upSource[k]);
				continue;
			}
			at.push(t.parent[upAt[k]]);
			nodes.push(upNodes[k]);
			source.push(upSource[k]);
		}
	}
}

/** Own values first, then who called. @param {Stacks} t @param {number} frames @param {number} [part] of the whole, that a
 * box must have to be divided */
function invertStacks(t, frames, part = 10000) {
	const b = new StackBuilder(frames, t.self.length), rows = [];
	for (let i = 1; i < t.n; i++)
		if (t.self.some((column) => column[i]))
			rows.push(i);
	b.add(0, t.self, 0);
	climb(t, b, rows, t.self, 0, true, t.total[0][0] / part);
	return b.finish();
}

/** Rows of a frame that have no row of it above them: what the frame's total is made of. @param {Stacks} t
 * @param {number} frame @returns {number[]} */
function outermostRows(t, frame) {
	const end = subtreeEnds(t), rows = [];
	for (let i = 1; i < t.n;) {
		if (t.frame[i] === frame)
			rows.push(i);
		i = t.frame[i] === frame ? /** @type {number} */ (end[i]) : i + 1;
	}
	return rows;
}

/** The function at the root, who called it below. @param {Stacks} t @param {number} frames @param {number} frame */
function callerStacks(t, frames, frame) {
	const b = new StackBuilder(frames, t.self.length), rows = outermostRows(t, frame);
	const whole = rows.reduce((sum, row) => sum + t.total[0][row], 0);
	b.frame[0] = frame;
	climb(t, b, rows, t.total, 0, false, whole / 10000);
	return b.finish();
}

/** The function at the root, what it called below. @param {Stacks} t @param {number} frames @param {number} frame */
function calleeStacks(t, frames, frame) {
	const b = new StackBuilder(frames, t.self.length), end = subtreeEnds(t), place = new Int32Array(t.n);
	b.frame[0] = frame;
	for (const top of outermostRows(t, frame))
		for (let i = top; i < end[top]; i++) {
			place[i] = i === top ? 0 : b.child(place[t.parent[i]], t.frame[i]);
			b.add(place[i], t.self, i);
		}
	return b.finish();
}

/** @param {Stacks} t @param {number} row @returns {number[]} rows from the outermost to `row`, without the whole */
function wayTo(t, row) {
	const way = [];
	for (let i = row; i > 0; i = t.parent[i])
		way.push(i);
	return way.reverse();
}

/**
 * What ran when: a box lasts as long as its function stays on the stack. Gaps shorter than the samples around them are
 * none: nobody could have seen that the function left. @param {Stacks} t
 * @param {{start: number, ns: number, stack: number}[]} runs of one thread, in order
 * @param {Uint8Array | null} [focus] as in filterStacks() @param {Uint8Array | null} [hide] @returns {Stacks}
 */
function timeStacks(t, runs, focus = null, hide = null) {
	const parent = [-1], frame = [-1], at = [0], width = [0];
	let open = /** @type {number[]} */ ([]), boxes = /** @type {number[]} */ ([]), last = 0, before = 0;
	for (const run of runs) {
		const whole = wayTo(t, run.stack), way = hide ? whole.filter((row) => !hide[t.frame[row]]) : whole;
		if (focus && !whole.some((row) => focus[t.frame[row]]))
			continue;
		const isNear = run.start - last <= Math.min(before, run.ns);
		let same = 0;
		while (isNear && same < way.length && same < open.length && way[same] === open[same])
			same++;
		boxes = boxes.slice(0, same);
		for (const row of way.slice(same)) {
			parent.push(boxes.at(-1) ?? 0);
			frame.push(t.frame[row]);
			at.push(run.start);
			width.push(0);
			boxes.push(parent.length - 1);
		}
		open = way;
		last = run.start + run.ns;
		before = run.ns;
		for (const box of boxes)
			width[box] = last - at[box];
	}
	const start = runs.length ? runs[0].start : 0;
	at[0] = start;
	width[0] = Math.max(last - start, 0);
	const own = Float64Array.from(width);
	for (let i = 1; i < parent.length; i++)
		own[parent[i]] -= width[i];
	return { n: parent.length, parent: Int32Array.from(parent), frame: Int32Array.from(frame), self: [own],
		total: [Float64Array.from(width)], at: Float64Array.from(at) };
}

/** Sums by frame: own values, and totals that count a stack once. @param {Stacks} t @param {number} frames */
function frameSums(t, frames) {
	const self = new Float64Array(frames), total = new Float64Array(frames), open = new Int32Array(frames).fill(-1);
	const end = subtreeEnds(t);
	for (let i = 1; i < t.n; i++) {
		const f = t.frame[i];
		if (f < 0)
			continue;
		self[f] += t.self[0][i];
		if (i < open[f])
			continue;
		open[f] = end[i];
		total[f] += t.total[0][i];
	}
	return { self, total };
}
