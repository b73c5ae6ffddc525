// Take the pictures of docs/img: node pictures.mjs BIN_DIR. Look at them before they are committed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..'), bin = resolve(process.argv[2] ?? join(root, 'build/release'));
const cache = process.env.SNAPDIFF_CACHE ?? join(homedir(), '.cache', 'snapdiff');
const { chromium } = createRequire(join(cache, 'browser', 'package.json'))('playwright-core');
const profile = (name) => `profiles/${name}.cpuprofile`;
const heap = (name) => `leaky-server.${name}.heapsnapshot.zst`;
const pair = ['snapdiff', heap('before'), heap('after'), heap('later')];
const PICTURES = [
	{ name: 'report', command: pair, size: [1280, 1240], show: () => document.body },
	{ name: 'growth', command: pair, size: [1280, 860], show: () => document.querySelector('#growth_tree .chart') },
	{ name: 'snapshot', command: ['snapstat', heap('after')], size: [1280, 860], show: () => {
		document.getElementById('composition').chart.turn('Treemap');
		return document.querySelector('#composition .chart');
	} },
	{ name: 'flame', command: ['profstat', profile('node20')], show: () => stackView().chart.root },
	{ name: 'diff', command: ['profdiff', profile('node20'), profile('node26')], show: () => stackView().chart.root },
];
const pages = mkdtempSync(join(tmpdir(), 'pictures-'));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'] });
for (const { name, command: [tool, ...args], show, size: [width, height] = [1400, 860] } of PICTURES) {
	const file = join(pages, `${name}.html`);
	execFileSync(join(bin, tool), ['-q', '-o', file, ...args], { cwd: join(root, 'samples') }); // file names are in the picture
	const page = await (await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 1 })).newPage();
	await page.goto(pathToFileURL(file).href);
	await page.evaluate(`((e) => (e.closest('section') ?? e).scrollIntoView())((${show})())`);
	await page.waitForTimeout(300);
	await page.screenshot({ path: join(root, 'docs/img', `${name}.png`) });
}
await browser.close();
rmSync(pages, { recursive: true });
