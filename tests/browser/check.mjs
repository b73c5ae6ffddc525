// Open reports in a real browser over file:// and complain about whatever a reader would trip over.
//   node check.mjs [--shots DIR] [--quick] REPORT.html...     (--quick: one width only)
// Beside REPORT.html may stand REPORT.json, the same report: then all numbers are compared. Exit 1 with one line per complaint. Needs tests/browser/setup and Debian's chromium.
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import * as acts from './acts.mjs';
import * as addresses from './address_acts.mjs';
import * as flame from './flame_acts.mjs';

const cache = process.env.SNAPDIFF_CACHE ?? join(homedir(), '.cache', 'snapdiff');
const installed = createRequire(join(cache, 'browser', 'package.json'));
const { chromium } = installed('playwright-core');
const axeSource = await readFile(installed.resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 768, 1400, 3840];
const ASSETS = 90000; // bytes of style sheet and script in a page
const SCHEMES = ['light', 'dark'];

const { values: options, positionals: reports } = parseArgs({
	allowPositionals: true,
	options: { shots: { type: 'string' }, quick: { type: 'boolean' } },
});
if (!reports.length) {
	console.error('usage: check.mjs [--shots DIR] [--quick] REPORT.html...');
	process.exit(2);
}

const complaints = new Set();

/** Said at once: a run takes minutes. @param {string} what */
function complainOnce(what) {
	if (!complaints.has(what))
		console.log(what);
	complaints.add(what);
}

/** The page's width, which must be the window's; runs in the browser, so it knows nothing of this file. */
function overflow() {
	const root = document.documentElement;
	if (root.scrollWidth <= root.clientWidth)
		return [];
	const wide = [...document.querySelectorAll('body *')].filter((e) =>
		e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.scroll, .sr, .skip, svg'));
	return [`the page is ${root.scrollWidth} px wide, ${wide.slice(-1).map((e) => `${e.tagName}.${e.className}`)}`];
}

/** Elements, attributes, links, ids and headings as they must be; runs in the browser. */
function structure() {
	const found = [];
	for (const e of document.querySelectorAll('img, iframe, object, embed, base, form, [style]'))
		if (!e.closest('.chart'))
			found.push(`an element that no report has: ${e.outerHTML.slice(0, 80)}`);
	if (document.querySelectorAll('script').length !== 2)
		found.push('not exactly the data and the script');
	if (!document.documentElement.classList.contains('js'))
		found.push('the script did not run');
	for (const e of document.querySelectorAll('*'))
		for (const a of e.attributes)
			if (/^on/i.test(a.name) || (/^(href|src|action|formaction|data|xlink:href)$/i.test(a.name) && !/^(#|data:image)/.test(a.value) &&
				!e.matches('a.place[rel~="noreferrer"][href^="http://"], a.place[rel~="noreferrer"][href^="https://"]')))
				found.push(`${e.tagName} has ${a.name}=${a.value.slice(0, 60)}`);
	for (const a of document.querySelectorAll('a'))
		if (!a.matches('.place') && !document.getElementById(a.getAttribute('href').slice(1)))
			found.push(`a link to nowhere: ${a.getAttribute('href')}`);
	const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
	if (new Set(ids).size !== ids.length)
		found.push('an id is used twice');
	let level = 0;
	for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
		if (Number(h.tagName[1]) > level + 1)
			found.push(`heading ${h.tagName} after level ${level}`);
		level = Number(h.tagName[1]);
	}
	for (const s of ['main', 'header', 'footer', 'h1', 'head > title'])
		if (document.querySelectorAll(s).length !== 1)
			found.push(`not exactly one <${s}>`);
	if (getComputedStyle(document.body).maxWidth === 'none')
		found.push('the style sheet was not applied');
	return found;
}

/** Contrast of each text against what is painted behind it, by WCAG 2's formula; runs in the browser. */
function contrasts() {
	const parse = (c) => (c.match(/[\d.]+/g) ?? []).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
		.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const c = parse(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] === 1)
				return c;
		}
		return [255, 255, 255];
	};
	const low = new Map();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || e.closest('svg, .sr'))
			continue;
		const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5)
			low.set(`${e.tagName}.${e.className}`, ratio.toFixed(2));
	}
	return [...low].map(([where, ratio]) => `contrast ${ratio} in ${where}`);
}

/** Space and Enter work the folds, and what has the focus shows it. */
async function checkKeyboard(page, complain) {
	const folds = page.locator('summary:visible');
	if (await folds.count()) {
		const was = await folds.first().evaluate((s) => s.parentElement.open);
		await folds.first().focus();
		await page.keyboard.press('Enter');
		if (await folds.first().evaluate((s) => s.parentElement.open) === was)
			complain('Enter does not work a fold');
		await page.keyboard.press('Enter');
	}
	await page.evaluate(() => document.activeElement?.blur());
	await page.keyboard.press('Tab');
	if (await page.evaluate(() => document.activeElement === document.body))
		await page.keyboard.press('Tab'); // the fold was the last thing on the page
	const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
	if (outline === 'none')
		complain('the focus cannot be seen');
	await page.evaluate(() => document.activeElement?.blur());
}

/** All that the script does, once per scheme. */
async function checkActs(page, url, report, scheme, complain) {
	const json = report.replace(/\.html$/, '.json');
	const found = await acts.axeFinds(page, axeSource);
	if (scheme === 'light') {
		const { ready, zoom, search } = await acts.times(page);
		const size = (await stat(report)).size;
		const assets = await page.evaluate(() => [...document.querySelectorAll('style, script:not([type])')]
			.reduce((sum, e) => sum + new TextEncoder().encode(e.textContent).length, 0));
		if (assets > ASSETS || assets < 1000)
			found.push(`${assets} bytes of assets`);
		console.log(`${basename(report)}: ${(size / 1000).toFixed(0)} kB, usable after ${ready.toFixed(0)} ms, ` +
			`zoom ${zoom.toFixed(0)} ms, search ${search.toFixed(0)} ms`);
		if (existsSync(json)) {
			const doc = JSON.parse(await readFile(json, 'utf8'));
			found.push(...await acts.numbersAgree(page, doc), ...await acts.totalsAgree(page, doc));
			if (await page.locator('.flame').count())
				found.push(...await flame.totalsAgree(page, doc), ...await flame.choicesDraw(page, doc), ...await flame.blocksMarked(page, doc));
		}
		if (await page.locator('.flame').count())
			found.push(...await flame.viewsAgree(page), ...await flame.tablesLink(page), ...await flame.directionsAgree(page),
				...await flame.handsWork(page), ...await flame.addressLeads(page, url));
		found.push(...await addresses.bytesOnHover(page), ...await addresses.linksAgree(page, url), ...await addresses.zoomsReturn(page, url),
			...await addresses.cardsCopy(page, url));
		found.push(...await acts.boxesFit(page), ...await acts.squaresFit(page), ...await acts.keysMove(page),
			...await acts.tablesAct(page), ...await acts.linksLead(page, url), ...await acts.pictureAddress(page, url), ...await acts.searchActs(page, url));
		if (report === reports[0]) {
			const many = await acts.manyBoxes(page);
			console.log(`200,000 rows: first picture ${many.first.toFixed(0)} ms, zoom ${many.zoom.toFixed(0)} ms, ` +
				`search ${many.search.toFixed(0)} ms, ${many.boxes} boxes drawn`);
		}
	}
	for (const what of found)
		complain(what);
}

async function checkView(browser, report, width, scheme) {
	const url = pathToFileURL(resolve(report)).href;
	const complain = (what) => complainOnce(`${basename(report)} at ${width} px, ${scheme}: ${what}`);
	const viewport = { width, height: width > 3000 ? 2160 : 900 };
	const context = await browser.newContext({ viewport, colorScheme: scheme });
	const page = await context.newPage();
	page.setDefaultTimeout(8000);
	page.on('console', (m) => ['error', 'warning'].includes(m.type()) && complain(`console: ${m.text()}`));
	page.on('pageerror', (e) => complain(`page error: ${e.message}`));
	page.on('request', (r) => {
		if (r.url() !== url && !r.url().startsWith('data:'))
			complain(`request: ${r.url().slice(0, 120)}`);
	});
	page.on('dialog', async (d) => {
		complain(`a dialog: ${d.message()}`);
		await d.dismiss();
	});
	await page.addInitScript(() => {
		globalThis.violations = [];
		document.addEventListener('securitypolicyviolation', (e) => {
			globalThis.violations.push(`${e.violatedDirective} ${e.blockedURI}`);
		});
	});
	await page.goto(url, { waitUntil: 'load' });
	for (const what of [...await page.evaluate(structure), ...await page.evaluate(overflow)])
		complain(what);
	if (options.shots)
		await page.screenshot({
			path: join(options.shots, `${basename(report, '.html')}-${width}-${scheme}.png`),
			fullPage: width <= 1400,
			animations: 'disabled',
		});
	if (width === 1400) {
		for (const what of await page.evaluate(contrasts))
			complain(what);
		await checkKeyboard(page, complain);
		await checkActs(page, url, report, scheme, complain);
	}
	if (width === 360)
		for (const what of await acts.axeFinds(page, axeSource))
			complain(what);
	// Everything unfolded must not widen the page either.
	await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
	await page.evaluate(() => document.querySelectorAll('input').forEach((i) => { i.checked = true; }));
	for (const what of await page.evaluate(overflow))
		complain(`unfolded: ${what}`);
	for (const what of await page.evaluate(() => globalThis.violations))
		complain(`policy violation: ${what}`);
	await context.close();
}

/** Without a script the page says all that it has to say, and lets nobody wait for a picture. */
async function checkWithoutScript(browser, report) {
	const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, javaScriptEnabled: false });
	const page = await context.newPage(), complain = (what) => complainOnce(`${basename(report)} without script: ${what}`);
	await page.goto(pathToFileURL(resolve(report)).href);
	if ((await page.locator('h1').innerText()).length < 10)
		complain('no verdict');
	// tiles, or the bar of what a snapshot is made of
	const numbers = page.locator('.tile:visible, #statistics .stack:visible').first();
	if (!await numbers.count() || (await numbers.boundingBox()).y > 700)
		complain('no numbers on the first screen');
	for (const section of await page.locator('main > section').all())
		if ((await section.textContent()).trim().length < (await section.locator('.empty').count() ? 20 : 60))
			complain(`nothing in ${await section.getAttribute('id')}`);
	if (await page.locator('.flame').count() && !await page.locator('.flame .empty:visible').count())
		complain('nothing in the place of the flamegraph');
	await context.close();
}

async function printed(browser, report) {
	const page = await browser.newPage();
	await page.goto(pathToFileURL(resolve(report)).href);
	await page.pdf({ path: join(options.shots, `${basename(report, '.html')}.pdf`), format: 'A4' });
	await page.close();
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
		'--disable-sync', '--no-first-run', '--disable-quic'],
});
if (options.shots)
	await mkdir(options.shots, { recursive: true });
for (const report of reports) {
	for (const width of options.quick ? [1400] : WIDTHS)
		for (const scheme of SCHEMES)
			await checkView(browser, report, width, scheme);
	await checkWithoutScript(browser, report);
	if (options.shots)
		await printed(browser, report);
}
await browser.close();
const views = (options.quick ? 1 : WIDTHS.length) * SCHEMES.length;
console.log(`${reports.length} reports, ${views} views each: ${complaints.size} complaints`);
process.exit(complaints.size ? 1 : 0);
