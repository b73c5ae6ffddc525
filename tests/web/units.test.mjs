import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './pure.mjs';

const u = load('units');

test('sizes are rounded as in the other notations', () => {
	for (const [bytes, text] of [[0, '0 B'], [999, '999 B'], [1000, '1.0 kB'], [99949, '99.9 kB'], [99950, '100 kB'],
		[999499, '999 kB'], [999500, '1.0 MB'], [2640952, '2.6 MB'], [1e18, '1.0 EB']])
		assert.equal(u.bytesText(bytes), text);
	assert.equal(u.bytesText(-24, true), '−24 B');
	assert.equal(u.bytesText(1398784, true), '+1.4 MB');
	assert.equal(u.bytesText(0, true), '0 B');
});

test('counts have commas', () => {
	assert.equal(u.countText(0), '0');
	assert.equal(u.countText(999), '999');
	assert.equal(u.countText(1234567), '1,234,567');
	assert.equal(u.countText(-4000, true), '−4,000');
	assert.equal(u.countOf(1, 'row', 'rows'), '1 row');
	assert.equal(u.countOf(2000, 'row', 'rows'), '2,000 rows');
});

test('percents never round to nothing or to all', () => {
	for (const [v, text] of [[0, '0 %'], [4, '<0.1 %'], [5, '0.1 %'], [1234, '12.3 %'], [5300, '53.0 %'], [9995, '99.9 %'],
		[10000, '100 %']])
		assert.equal(u.percentText(v), text);
	assert.equal(u.percentText(-4), '>−0.1 %');
});

test('what nothing of the program leads to has no distance', () => {
	assert.equal(u.numberText('distance', 0), '0');
	assert.equal(u.numberText('distance', 7), '7');
	assert.equal(u.numberText('distance', -5), '-');
	assert.equal(u.numberText('distance', 100000002), '-');
});

test('times have three digits', () => {
	for (const [ns, text] of [[0, '0 ns'], [999, '999 ns'], [1230, '1.23 us'], [12345678, '12.3 ms'], [123456789, '123 ms'],
		[119e9, '119 s'], [125e9, '2 min 5 s'], [7260e9, '2 h 1 min']])
		assert.equal(u.timeText(ns), text);
});
