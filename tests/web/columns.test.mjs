import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, plain } from './pure.mjs';

const c = load('units', 'columns');

/** What web/html_island.c writes. */
function pack(numbers) {
	const bytes = [];
	let before = 0n;
	for (const n of numbers.map(BigInt)) {
		let d = n - before;
		d = d < 0n ? -d * 2n - 1n : d * 2n;
		for (; d >= 128n; d >>= 7n)
			bytes.push(Number(d & 127n) | 128);
		bytes.push(Number(d));
		before = n;
	}
	return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

test('packed numbers come out as they went in', () => {
	for (const numbers of [[], [0], [-1, 1, -64, 63, 64, 127, 128], [2 ** 31, -(2 ** 31), 2 ** 32 + 5],
		[2 ** 51, -(2 ** 51), 0]])
		assert.deepEqual(plain(c.unpack(pack(numbers))), numbers);
});

const json = JSON.stringify({ snapshots: 2, names: ['Map', 'Session', 'a.js:1'], tables: [{ key: 't', title: 'T', kind: 'rows',
	rows: 3, beyond: 0, columns: [
		{ key: 'node', title: 'N', type: 'node', class: pack([1, 2, 0]), name: pack([0, 1, 0]), id: pack([5, 7, 0]) },
		{ key: 'place', title: 'P', type: 'place', data: pack([3, 0, 3]) },
		{ key: 'b_bytes', title: 'B', type: 'bytes', signed: true, data: pack([10, -2000, 10]) },
		{ key: 's', title: 'S', type: 'series', unit: 'count', data: pack([1, 2, 5, 1, 0, 9]) }] }] });

test('cells read as in the page', () => {
	const t = c.readTables(json).get('t');
	assert.equal(c.cellText(t, t.columns[0], 0), 'Map @5');
	assert.equal(c.cellText(t, t.columns[0], 1), 'Session Map @7');
	assert.equal(c.cellText(t, t.columns[0], 2), '');
	assert.equal(c.cellText(t, t.columns[1], 0), 'a.js:1');
	assert.equal(c.cellText(t, t.columns[2], 1), '−2.0 kB');
	assert.equal(c.cellText(t, t.columns[3], 2), '0 → 9');
});

test('ids that no number holds are whole', () => {
	const wide = JSON.stringify({ snapshots: 1, names: ['Map'], tables: [{ key: 't', title: 'T', kind: 'rows', rows: 2, beyond: 0,
		columns: [{ key: 'node', title: 'N', type: 'node', class: pack([1, 1]), name: pack([0, 0]),
			id: pack([0xfffffffd, 7]), high: pack([0xffffffff, 0]) }] }] });
	const t = c.readTables(wide).get('t');
	assert.equal(c.cellText(t, t.columns[0], 0), 'Map @18446744073709551613');
	assert.equal(c.cellText(t, t.columns[0], 1), 'Map @7');
});

test('sorting is stable in both directions', () => {
	const t = c.readTables(json).get('t');
	assert.deepEqual(plain(c.sortedRows(t, t.columns[2], true)), [0, 2, 1]);
	assert.deepEqual(plain(c.sortedRows(t, t.columns[2], false)), [1, 0, 2]);
	assert.deepEqual(plain(c.sortedRows(t, t.columns[3], true)), [2, 0, 1]);
	assert.deepEqual(plain(c.sortedRows(t, t.columns[0], false)), [2, 0, 1]);
});

test('a query is words, an expression or an id', () => {
	assert.equal(c.matcher('  '), null);
	assert.equal(c.matcher('map sess')('Session of a Map'), true);
	assert.equal(c.matcher('/^ses+ion/')('Session'), true);
	assert.equal(c.matcher('/(/')('('), false);
	assert.equal(c.matcher('@12')('Map @123'), false);
	assert.equal(c.matcher('@123')('Map @123 x'), true);
	assert.equal(c.matcher('.*')('Map'), false);
});

test('columns of one value, of multiples, and of depths', () => {
	const t = c.readTables(JSON.stringify({ snapshots: 1, names: [], tables: [{ key: 't', title: 'T', kind: 'tree', rows: 4, beyond: 0,
		columns: [{ key: 'parent', title: 'P', type: 'row', depths: pack([0, 1, 2, 1]) },
			{ key: 'thread', title: 'T', type: 'number', same: -3 },
			{ key: 'a_ns', title: 'A', type: 'time', step: 1000, data: pack([5, 0, -2, 7]) }] }] })).get('t');
	assert.deepEqual(plain(t.columns.map((x) => x.values)), [[-1, 0, 1, 0], [-3, -3, -3, -3], [5000, 0, -2000, 7000]]);
});
