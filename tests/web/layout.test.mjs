import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, plain } from './pure.mjs';

const l = load('layout', 'squares');

/*
 * 0: 100 ─ 1: 60 ─ 2: 20
 *        │       └ 3: 30
 *        └ 4: 30 ─ 5: 30
 */
const parent = [-1, 0, 1, 1, 0, 4], weight = [100, 60, 20, 30, 30, 30];

test('children lie side by side in their parent', () => {
	const t = l.layOut(parent, weight);
	assert.deepEqual(Array.from(t.start), [0, 0, 0, 20, 60, 60]);
	assert.deepEqual(Array.from(t.depth), [0, 1, 2, 2, 1, 2]);
	assert.deepEqual(Array.from(t.end), [6, 4, 3, 4, 6, 6]);
	assert.deepEqual(Array.from(t.levels, (x) => Array.from(x)), [[0], [1, 4], [2, 3, 5]]);
	assert.equal(t.total, 100);
});

test('several roots stand beside each other', () => {
	const t = l.layOut([-1, 0, -1], [5, 2, 7]);
	assert.equal(t.total, 12);
	assert.deepEqual(Array.from(t.start), [0, 0, 5]);
});

test('a point finds its box, a gap finds none', () => {
	const t = l.layOut(parent, weight);
	assert.equal(l.boxAt(t, 0, 99), 0);
	assert.equal(l.boxAt(t, 1, 95), -1);
	assert.equal(l.boxAt(t, 2, 20), 3);
	assert.equal(l.boxAt(t, 2, 55), -1);
	assert.equal(l.boxAt(t, 7, 5), -1);
	assert.equal(l.boxAt(t, 0, -1), -1);
});

test('boxes too narrow to be seen are jumped over, and only they', () => {
	const n = 100001, up = new Int32Array(n), w = new Float64Array(n).fill(1);
	up[0] = -1;
	w[0] = n - 1;
	w[50000] = 100;
	w[0] += 99;
	const t = l.layOut(up, w), seen = [];
	l.visibleBoxes(t, 1, 0, w[0], 50, (row) => seen.push(row));
	assert.deepEqual(seen, [50000]);
	let looked = 0;
	l.visibleBoxes(t, 1, 0, w[0], 0.5, () => looked++);
	assert.equal(looked, n - 1);
});

test('what a search covers is counted once', () => {
	const t = l.layOut(parent, weight);
	assert.equal(l.coveredWeight(t, Uint8Array.from([0, 1, 1, 0, 0, 1])), 90);
	assert.equal(l.coveredWeight(t, Uint8Array.from([0, 1, 1, 0, 0, 1]), 4), 30);
});

test('arrow keys find the neighbours', () => {
	const t = l.layOut(parent, weight);
	assert.equal(l.neighbour(t, 0, 'ArrowDown', 0), 1);
	assert.equal(l.neighbour(t, 1, 'ArrowDown', 0), 3);
	assert.equal(l.neighbour(t, 1, 'ArrowRight', 0), 4);
	assert.equal(l.neighbour(t, 4, 'ArrowRight', 0), 4);
	assert.equal(l.neighbour(t, 5, 'ArrowLeft', 0), 3);
	assert.equal(l.neighbour(t, 5, 'ArrowLeft', 4), 5);
	assert.equal(l.neighbour(t, 0, 'ArrowUp', 0), 0);
	assert.equal(l.neighbour(t, 3, 'ArrowUp', 0), 1);
});

test('squares have the areas of their weights and stay inside', () => {
	const box = { x: 3, y: 5, w: 600, h: 400 }, weights = [6, 6, 4, 3, 2, 2, 1, 0];
	const rects = plain(l.squarify(weights, 24, box));
	assert.equal(rects.length, weights.length);
	rects.forEach((r, i) => {
		assert.ok(Math.abs(r.w * r.h - weights[i] * 10000) < 1e-6);
		assert.ok(r.x >= 3 - 1e-9 && r.y >= 5 - 1e-9 && r.x + r.w <= 603 + 1e-6 && r.y + r.h <= 405 + 1e-6);
	});
	for (let i = 0; i < 7; i++)
		for (let k = i + 1; k < 7; k++) {
			const [a, b] = [rects[i], rects[k]];
			assert.ok(a.x + a.w <= b.x + 1e-6 || b.x + b.w <= a.x + 1e-6 || a.y + a.h <= b.y + 1e-6 || b.y + b.h <= a.y + 1e-6);
		}
});

test('nothing to divide, nowhere to put it', () => {
	assert.deepEqual(plain(l.squarify([], 0, { x: 0, y: 0, w: 9, h: 9 })), []);
	assert.equal(l.squarify([1], 1, { x: 0, y: 0, w: 0, h: 0 }).length, 1);
});
