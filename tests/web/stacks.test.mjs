import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, plain } from './pure.mjs';

const c = load('units', 'columns', 'layout', 'stacks', 'looks', 'source', 'links');

/*
 * Frames: 0 main, 1 parse, 2 read, 3 fib.       main 10 ─ parse 6 ─ read 4
 * fib calls itself.                                     │          └ read's own 4, parse's own 2
 *                                                       └ fib 3 ─ fib 2 (own 2), fib's own 1, main's own 1
 */
const parent = Int32Array.from([-1, 0, 1, 2, 1, 4]), frame = Int32Array.from([-1, 0, 1, 2, 3, 3]);
const own = Float64Array.from([0, 1, 2, 4, 1, 2]);
const tree = () => c.makeStacks(parent, frame, [own]);
const rows = (t) => Array.from(t.frame, (f, i) => [t.parent[i], f, t.total[0][i], t.self[0][i]]);

test('totals are own values with all below', () => {
	assert.deepEqual(Array.from(tree().total[0]), [10, 10, 6, 4, 3, 2]);
});

test('arranged: the heaviest child first, nothing that weighs nothing', () => {
	const t = c.arrange(c.makeStacks(Int32Array.from([-1, 0, 0, 0, 3]), Int32Array.from([-1, 2, 1, 0, 1]),
		[Float64Array.from([0, 1, 0, 0, 5])]));
	assert.deepEqual(plain(rows(t)), [[-1, -1, 6, 0], [0, 0, 5, 0], [1, 1, 5, 5], [0, 2, 1, 1]]);
});

test('hidden functions hand their time to their callers', () => {
	const t = c.filterStacks(tree(), 4, null, Uint8Array.from([0, 1, 0, 0]));
	assert.deepEqual(plain(rows(t)), [[-1, -1, 10, 0], [0, 0, 10, 3], [1, 2, 4, 4], [1, 3, 3, 1], [3, 3, 2, 2]]);
});

test('focus keeps stacks with the function, above and below it', () => {
	const t = c.filterStacks(tree(), 4, Uint8Array.from([0, 1, 0, 0]), null);
	assert.deepEqual(plain(rows(t)), [[-1, -1, 6, 0], [0, 0, 6, 0], [1, 1, 6, 2], [2, 2, 4, 4]]);
});

test('bottom-up: own values first, then callers', () => {
	const t = c.invertStacks(tree(), 4);
	const first = rows(t).filter(([up]) => up === 0).map(([, f, total]) => [f, total]);
	assert.deepEqual(plain(first), [[2, 4], [3, 3], [1, 2], [0, 1]]);
	assert.equal(t.total[0][0], 10);
	// read < parse < main
	assert.deepEqual(plain(rows(t).slice(1, 4).map(([, f, total]) => [f, total])), [[2, 4], [1, 4], [0, 4]]);
});

test('a function that calls itself counts once', () => {
	assert.deepEqual(plain(c.outermostRows(tree(), 3)), [4]);
	assert.deepEqual(plain(Array.from(c.frameSums(tree(), 4).total)), [10, 6, 4, 3]);
	assert.deepEqual(plain(Array.from(c.frameSums(tree(), 4).self)), [1, 2, 4, 3]);
	const callees = c.calleeStacks(tree(), 4, 3), callers = c.callerStacks(tree(), 4, 3);
	assert.deepEqual(plain(rows(callees)), [[-1, 3, 3, 1], [0, 3, 2, 2]]);
	assert.deepEqual(plain(rows(callers)), [[-1, 3, 3, 0], [0, 0, 3, 3]]);
});

test('small boxes of a tree that is turned round are not divided but keep their weight', () => {
	const t = c.invertStacks(tree(), 4, 3);
	assert.equal(t.total[0][0], 10);
	assert.deepEqual(plain(rows(t).filter(([up]) => up === 0).map(([, f, total]) => [f, total])), [[2, 4], [3, 3], [1, 2], [0, 1]]);
	assert.ok(t.n < c.invertStacks(tree(), 4).n);
});

test('in time a box lasts as long as its function stays', () => {
	const t = c.timeStacks(tree(), [{ start: 100, ns: 10, stack: 3 }, { start: 110, ns: 5, stack: 2 }, { start: 115, ns: 5, stack: 5 },
		{ start: 150, ns: 10, stack: 3 }]);
	assert.deepEqual(plain(Array.from(t.frame, (f, i) => [t.parent[i], f, t.at[i], t.total[0][i]])), [[-1, -1, 100, 60],
		[0, 0, 100, 20], [1, 1, 100, 15], [2, 2, 100, 10], [1, 3, 115, 5], [4, 3, 115, 5],
		[0, 0, 150, 10], [6, 1, 150, 10], [7, 2, 150, 10]]);
	const l = c.layOut(t.parent, t.total[0], t.at);
	assert.deepEqual(Array.from(l.start), Array.from(t.at));
	assert.equal(c.boxAt(l, 1, 130), -1);
	assert.equal(c.boxAt(l, 1, 155), 6);
});

test('a gap shorter than a sample is none', () => {
	const runs = (gap) => [{ start: 0, ns: 10, stack: 3 }, { start: 10 + gap, ns: 10, stack: 3 }];
	assert.deepEqual(Array.from(c.timeStacks(tree(), runs(9)).total[0]), [29, 29, 29, 29]);
	assert.equal(c.timeStacks(tree(), runs(11)).n, 7);
});

test('filters hold in time, too', () => {
	const runs = [{ start: 0, ns: 10, stack: 3 }, { start: 10, ns: 10, stack: 5 }], by = (f) => Uint8Array.from([0, 1, 2, 3], (x) => Number(x === f));
	assert.deepEqual(Array.from(c.timeStacks(tree(), runs, by(3)).frame), [-1, 0, 3, 3]);
	assert.deepEqual(Array.from(c.timeStacks(tree(), runs, null, by(0)).frame), [-1, 1, 2, 3, 3]);
});

test('the order of the input does not matter', () => {
	const t = c.arrange(c.makeStacks(Int32Array.from([-1, 0, 0]), Int32Array.from([-1, 5, 4]), [Float64Array.from([0, 1, 1])]));
	assert.deepEqual(Array.from(t.frame), [-1, 4, 5]);
});

test('changes count beyond the error of sampling', () => {
	assert.equal(c.changeOf([0, 1, 0, 1], 100), 'same');
	assert.equal(c.changeOf([0, 50, 0, 50], 100), 'new');
	assert.equal(c.changeOf([50, 0, 50, 0], 100), 'gone');
	assert.equal(c.changeOf([100, 150, 1000, 1500], 1000), 'more');
	assert.equal(c.changeOf([100, 250, 1000, 2500], 1000), 'much');
	assert.equal(c.changeOf([150, 100, 1500, 1000], 1000), 'less');
	assert.equal(c.changeOf([250, 100, 2500, 1000], 1000), 'little');
	assert.equal(c.changeOf([100, 101, 0, 0], 1e6), 'same');
	assert.equal(c.changeError(10, 0, 100, 0), 2);
});

test('packages with the most time get colours, and a legend says which', () => {
	const look = c.packageLook(['a', '', 'b', ''], ['dependency', 'application', 'dependency', 'node'], [1, 5, 7, 1]);
	assert.deepEqual(plain(look.key.map(([, text]) => text)), ['application', 'b', 'a', 'no package']);
	assert.equal(look.fill[0], look.key.find(([, text]) => text === 'a')[0]);
	assert.notEqual(look.fill[0], look.fill[2]);
	assert.deepEqual(plain(c.categoryLook(['gc', 'application']).striped), [true, false]);
});

test('places become links only on the web', () => {
	const url = 'https://host.example/{file}#L{line}';
	assert.equal(c.sourceLink(url, '/srv/a "b"?<c>.js:7'), 'https://host.example/srv/a%20%22b%22%3F%3Cc%3E.js#L7');
	assert.equal(c.sourceLink(url, 'node:fs:7'), '');
	assert.equal(c.sourceLink(url, 'a.js:0'), '');
	assert.equal(c.sourceLink('', 'a.js:1'), '');
	assert.equal(c.sourceLink(url, 'a/../b.js:1'), '');
	assert.equal(c.sourceLink(url, '..\\b.js:1'), '');
	assert.equal(c.sourceLink(url, 'a/..b.js:1'), 'https://host.example/a/..b.js#L1');
	assert.equal(c.sourceLink('{file}', 'javascript:alert(1):7'), '');
	assert.equal(c.sourceLink('{file}?{line}', 'https://host.example/x.js:7'), 'https://host.example/x.js?7');
});

test('a hash says what is not usual', () => {
	assert.equal(c.makeHash([['view', 'time'], ['zoom', ''], ['search', 'a b&c']]), '#view=time&search=a%20b%26c');
	assert.deepEqual(plain([...c.hashParts('#view=time&search=a%20b%26c')]), [['view', 'time'], ['search', 'a b&c']]);
});
