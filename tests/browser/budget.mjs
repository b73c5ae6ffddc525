// What the page of a profile with very many stacks costs, beside what it may: node budget.mjs PAGE.html
// Prints a table; exit 1 when something is over its budget. The page is opened five times, medians count.
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const cache = process.env.SNAPDIFF_CACHE ?? join(homedir(), '.cache', 'snapdiff');
const { chromium } = createRequire(join(cache, 'browser', 'package.json'))('playwright-core');
const [page] = process.argv.slice(2);
const RUNS = 5;
const BUDGETS = { 'size, kB': 3000, 'first paint, ms': 500, 'flamegraph drawn, ms': 1000, 'zoom, ms': 50, 'search, ms': 50 };

/** Runs in the browser. */
async function measure() {
	const frame = () => new Promise((done) => {
		requestAnimationFrame(() => setTimeout(done));
	});
	const v = stackView(), paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
	v.chart.root.scrollIntoView();
	await frame();
	const timed = async (f) => {
		const t = performance.now();
		f();
		v.chart.draw();
		const spent = performance.now() - t;
		await frame();
		return spent;
	};
	const zooms = [], searches = [];
	for (const box of v.chart.boxes().filter((b) => b.w > 5).slice(1, 12)) {
		zooms.push(await timed(() => v.chart.zoom(box.row)));
		zooms.push(await timed(() => v.chart.zoom(0)));
	}
	for (const query of ['handle1', '/^handle[0-9]+/', 'package-7', '/part-[13]/', 'nothing at all', 'index.js'])
		searches.push(await timed(() => v.chart.search(query)));
	return { paint, drawn: globalThis.drawnAt, zooms, searches, rows: v.tree.n, boxes: v.chart.boxes().length };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'] });
const results = [];
for (let i = 0; i < RUNS; i++) {
	const tab = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
	await tab.addInitScript(() => {
		addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => setTimeout(() => {
			globalThis.drawnAt = performance.now();
		})));
	});
	await tab.goto(pathToFileURL(resolve(page)).href);
	await tab.waitForFunction(() => globalThis.drawnAt && performance.getEntriesByName('first-contentful-paint').length);
	results.push(await tab.evaluate(measure));
	await tab.context().close();
}
await browser.close();
const measured = {
	'size, kB': (await stat(page)).size / 1000,
	'first paint, ms': median(results.map((r) => r.paint)),
	'flamegraph drawn, ms': median(results.map((r) => r.drawn)),
	'zoom, ms': median(results.flatMap((r) => r.zooms)),
	'search, ms': median(results.flatMap((r) => r.searches)),
};
console.log(`${results[0].rows.toLocaleString('en')} rows of stacks\n\n| | measured | budget |\n|---|---|---|`);
let over = 0;
for (const [what, budget] of Object.entries(BUDGETS)) {
	over += Number(measured[what] > budget);
	console.log(`| ${what} | ${measured[what].toFixed(0)} | ${budget}${measured[what] > budget ? ' EXCEEDED' : ''} |`);
}
process.exit(over ? 1 : 0);
