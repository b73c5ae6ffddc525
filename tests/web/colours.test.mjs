// What must be told apart can be, whichever cones the reader has, in both schemes; and text on boxes can be read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, plain } from './pure.mjs';
import { SIGHTS, blend, contrast, distance, parseColour, seenBy } from './sight.mjs';

const assets = join(dirname(fileURLToPath(import.meta.url)), '../../web/assets');
const looks = load('looks');

/** The variables of a scheme, as the style sheets give them. */
function readScheme(scheme) {
	const values = new Map();
	for (const name of ['base', 'chart']) {
		const text = readFileSync(join(assets, `${name}.css`), 'utf8');
		const dark = /@media screen and \(prefers-color-scheme: dark\) \{[\s\S]*?\n\}/.exec(text)[0];
		for (const part of [text.replace(dark, ''), ...(scheme === 'dark' ? [dark] : [])])
			for (const [, key, value] of part.matchAll(/--([a-z0-9-]+):\s*([^;]+);/g))
				values.set(key, value);
	}
	return (name) => {
		let value = values.get(name);
		while (value?.startsWith('var('))
			value = values.get(/--([a-z0-9-]+)/.exec(value)[1]);
		assert.ok(value, `no colour --${name}`);
		return parseColour(value);
	};
}

/** Each with each other, at least so far apart; `least` in hundredths of OKLab's unit, of which two are just seen. */
function assertApart(scheme, colours, least) {
	for (const sight of Object.keys(SIGHTS))
		for (const [i, [a, x]] of colours.entries())
			for (const [b, y] of colours.slice(0, i)) {
				const d = distance(seenBy(sight, x), seenBy(sight, y));
				assert.ok(d >= least, `${scheme}, ${sight}: ${b} and ${a} are ${d.toFixed(1)} apart, not ${least}`);
			}
}

const named = (colour, names) => names.map((name) => [name, colour(name)]);
const PARTS = ['part0', 'part1', 'part2', 'part3', 'part4', 'part5', 'part6', 'box-flat'];
const CHANGES = ['box-up', 'box-up2', 'box-flat', 'box-down2', 'box-down'];

for (const scheme of ['light', 'dark']) {
	const colour = readScheme(scheme);

	test(`${scheme}: kinds and categories of boxes`, () => assertApart(scheme, named(colour, PARTS), 7.5));

	test(`${scheme}: growth and shrinkage, slower and faster`, () => {
		assertApart(scheme, named(colour, CHANGES), 5.5);
		assertApart(scheme, named(colour, ['box-up', 'box-down', 'box-flat']), 12);
		assertApart(scheme, named(colour, ['grow', 'shrink']), 10);
	});

	test(`${scheme}: lines of the plot, parts of the time line, bars`, () => {
		const lines = ['line0', 'line1', 'line2', 'line3', 'line4', 'line5'];
		assertApart(scheme, named(colour, lines), 12);
		for (const name of lines)
			assert.ok(contrast(colour(name), colour('sheet')) >= 3, `${scheme}: ${name} on the sheet`);
		assertApart(scheme, [...named(colour, ['plain', 'gc']), ['block', blend(colour('bar'), colour('page'), 0.3)]], 8);
		assertApart(scheme, named(colour, ['bar', 'bar2', 'track']), 10);
	});

	test(`${scheme}: stripes are seen on every box`, () => {
		for (const [name, c] of named(colour, [...PARTS, ...CHANGES]))
			assertApart(scheme, [[name, c], [`${name} under a stripe`, blend(colour('stripe'), c)]], 5);
	});

	test(`${scheme}: text on boxes`, () => {
		const least = (what, a, b) => assert.ok(contrast(a, b) >= 4.5, `${scheme}: ${what} has a contrast of ${contrast(a, b).toFixed(2)}`);
		for (const [name, c] of named(colour, [...PARTS, ...CHANGES])) {
			const faded = blend(c, colour('sheet'), 0.3); // what a search does not match: see paintBox(), paintLabel()
			least(`text on ${name}`, colour('box-ink'), c);
			least(`text on ${name} that is faded`, blend(colour('ink'), faded, 0.75), faded);
		}
		least('text on what was found', colour('hit-ink'), colour('hit'));
		for (const name of ['ink', 'soft', 'link', 'grow', 'shrink'])
			least(name, colour(name), colour('sheet'));
	});

	test(`${scheme}: what was found stands out`, () => {
		for (const [name, c] of named(colour, [...PARTS, ...CHANGES]))
			assertApart(scheme, [['hit', colour('hit')], [name, blend(c, colour('sheet'), 0.3)]], 15);
	});
}

/** Legends: who has the colour of another is striped, or the other is. */
function assertLegend(entries) {
	const marks = entries.map(([fill, , striped]) => `${fill} ${striped}`);
	assert.equal(new Set(marks).size, marks.length, marks.join(', '));
}

test('no two entries of a legend look the same', () => {
	const categories = ['application', 'dependency', 'node', 'builtin', 'regexp', 'wasm', 'native', 'kernel', 'vm', 'gc', 'program', 'idle'];
	const key = plain(looks.categoryLook(categories).key);
	assert.equal(key.length, 12);
	assertLegend(key);
	const packages = Array.from({ length: 20 }, (_, i) => (i < 14 ? `package-${i}` : ''));
	assertLegend(plain(looks.packageLook(packages, packages.map((p) => (p ? 'dependency' : 'application')), packages.map((_, i) => 20 - i)).key));
});
