// What the script of a page does: each function tries one thing in an open page and returns complaints.

/** The page's functions are globals of its script; what runs in the page may call them. */
const inPage = (page, f, arg) => page.evaluate(f, arg);

/** Two frames: what was asked for has been drawn. */
const drawn = (page) => inPage(page, () => new Promise((done) => {
	requestAnimationFrame(() => requestAnimationFrame(() => done(null)));
}));

/** Every number of every table in the page's data is the JSON report's. */
export async function numbersAgree(page, json) {
	return inPage(page, (doc) => {
		const found = [], factor = { percent: 100, ratio: 100 };
		const same = (c, value, row, n) => {
			const v = row[c.key];
			if (c.type === 'series')
				return v === null || v.every((x, i) => x === value(n * v.length + i));
			return Math.abs((v ?? (c.type === 'row' ? -1 : 0)) * (factor[c.type] ?? 1) - value(n)) < 0.5;
		};
		for (const [key, t] of readTables(document.getElementById('data').textContent)) {
			const rows = [doc[key]].flat();
			if (rows.length !== t.rows + t.beyond)
				found.push(`${key}: ${t.rows} rows of data, ${rows.length} in the JSON report`);
			for (const c of t.columns)
				if (['bytes', 'time', 'count', 'percent', 'number', 'distance', 'row', 'series'].includes(c.type))
					for (let n = 0; n < t.rows; n++)
						if (!same(c, (i) => c.values[i], rows[n], n)) {
							found.push(`${key} row ${n}: ${c.key} is ${c.values[n]}, JSON has ${rows[n][c.key]}`);
							break;
						}
		}
		return found;
	}, json);
}

/** The amounts on the cards and the sums under the tables are the JSON report's, to the byte. */
export async function totalsAgree(page, json) {
	return inPage(page, (doc) => {
		const found = [];
		const exact = (e) => Number((e.title || e.textContent).replace('−', '-').replace(/[^\d-]/g, ''));
		(doc.findings ?? []).forEach((f, i) => {
			const shown = exact(document.querySelector(`#finding-${i + 1} .amount strong`));
			const said = f.retained_delta_bytes ?? f.retained_bytes;
			if (shown !== said)
				found.push(`finding ${i + 1} shows ${shown} bytes, JSON has ${said}`);
		});
		const tree = document.getElementById('growth_tree')?.tree;
		if (tree && columnOf(tree, 'delta_bytes').values[0] !== doc.totals.delta_bytes)
			found.push('the growth tree is not the growth of the heap');
		for (const [key, column] of [['classes', 'self_delta_bytes'], ['classes', 'self_bytes']]) {
			if (!(column in (doc[key]?.[0] ?? {})))
				continue;
			const sum = doc[key].reduce((s, row) => s + row[column], 0);
			const shown = [...document.querySelectorAll(`#${key} tfoot td`)].map(exact);
			if (!shown.includes(sum))
				found.push(`${key}: no cell of the total shows ${sum}, the sum of ${column}`);
		}
		return found;
	}, json);
}

/** Boxes are as wide as their weight says and lie inside their parents; after zooming too. */
export async function boxesFit(page) {
	const found = [];
	const sections = await page.locator('section:has(.chart)').evaluateAll((all) => all.map((s) => s.id));
	const check = (id) => inPage(page, (key) => {
		const { chart } = document.getElementById(key), { layout: l, view: v } = { layout: chart.view.layout, view: chart.view };
		const bad = [], at = new Map(chart.boxes().map((b) => [b.row, b]));
		if (!at.size)
			bad.push(`${key}: nothing is drawn`);
		for (const b of at.values()) {
			const inside = b.row >= v.top && b.row < l.end[v.top];
			const want = inside ? l.weight[b.row] / l.weight[v.top] * v.width : v.width;
			if (Math.abs(b.w - want) > 0.01)
				bad.push(`${key}: box ${b.row} is ${b.w} wide, its weight says ${want}`);
			const up = inside && b.row !== v.top && at.get(l.parent[b.row]);
			if (up && (b.x < up.x - 0.01 || b.x + b.w > up.x + up.w + 0.01 || b.y <= up.y))
				bad.push(`${key}: box ${b.row} leaves its parent`);
		}
		return bad.slice(0, 3);
	}, id);
	for (const id of sections) {
		await page.locator(`#${id} canvas`).last().scrollIntoViewIfNeeded(); // what was never seen is not drawn
		await page.waitForFunction((key) => document.getElementById(key).chart.boxes().length, id, { timeout: 2000 }).catch(() => null);
		found.push(...await check(id));
		await inPage(page, (key) => {
			const { chart } = document.getElementById(key);
			chart.zoom(chart.boxes().find((b) => b.w < chart.view.width * 0.7 && b.w > 2)?.row ?? 0);
		}, id);
		await drawn(page);
		found.push(...await check(id));
		await inPage(page, (key) => document.getElementById(key).chart.zoom(0), id);
		await drawn(page);
	}
	return found;
}

/** Rectangles of the treemap lie in their parents, do not overlap, and divide the room by weight. */
export async function squaresFit(page) {
	const button = page.getByRole('button', { name: 'Treemap' }).first();
	if (!await button.count())
		return [];
	await button.click();
	await drawn(page);
	const found = await inPage(page, () => {
		const { chart } = [...document.querySelectorAll('section')].find((s) => s.chart);
		const l = chart.view.layout, bad = [], at = new Map(chart.boxes().map((b) => [b.row, b]));
		for (const b of at.values()) {
			const up = at.get(l.parent[b.row]);
			if (!up)
				continue;
			if (b.x < up.x - 0.1 || b.y < up.y - 0.1 || b.x + b.w > up.x + up.w + 0.1 || b.y + b.h > up.y + up.h + 0.1)
				bad.push(`square ${b.row} leaves its parent`);
			const inner = innerRect(up, chart.view.scale), want = l.weight[b.row] / l.weight[up.row] * inner.w * inner.h;
			if (Math.abs(b.w * b.h - want) > 1 + want / 1000)
				bad.push(`square ${b.row} has ${b.w * b.h} px², its weight says ${want}`);
		}
		return at.size > 3 ? bad.slice(0, 3) : ['the treemap is empty'];
	});
	await page.getByRole('button', { name: 'Icicle' }).first().click();
	await drawn(page);
	return found;
}

/** Arrow keys move, Enter zooms in, Escape out; the table marks what is selected. */
export async function keysMove(page) {
	const canvas = page.locator('canvas').first();
	if (!await canvas.count())
		return [];
	const state = () => inPage(page, () => {
		const { chart } = [...document.querySelectorAll('section')].find((s) => s.chart);
		return { top: chart.view.top, selected: chart.view.selected, depth: chart.view.layout.depth[chart.view.selected] };
	});
	const found = [];
	await canvas.focus();
	await page.keyboard.press('ArrowDown');
	const down = await state();
	await page.keyboard.press('Enter');
	const zoomed = await state();
	const marked = await page.locator('section:has(.chart)').first().locator('[aria-current="true"]').count();
	await page.keyboard.press('Escape');
	const back = await state();
	if (down.depth !== 1)
		found.push('the arrow key does not go down');
	if (zoomed.top !== down.selected)
		found.push('Enter does not zoom');
	if (back.top !== 0)
		found.push('Escape does not zoom out');
	if (marked !== 1)
		found.push('the table does not mark what is selected');
	return found;
}

/** A click on a head sorts, another turns it round; a filter leaves what matches, and sums of it. */
export async function tablesAct(page) {
	const found = [];
	if (!await page.locator('#classes .filter input').count())
		return found;
	const head = page.locator('#classes th[aria-sort] .sort');
	const column = async () => page.locator('#classes tbody tr:not(.rest)').evaluateAll((rows) => rows.map((r) => {
		const cell = r.cells[document.querySelector('#classes th[aria-sort]').cellIndex];
		return Number((cell.title || cell.textContent).replace('−', '-').replace(/[^\d-]/g, ''));
	}));
	await head.click();
	const up = await column();
	await head.click();
	const down = await column();
	if (!up.every((v, i) => !i || up[i - 1] <= v) || !down.every((v, i) => !i || down[i - 1] >= v))
		found.push('a click on a head does not sort');
	if (await page.locator('#classes th[aria-sort="descending"]').count() !== 1)
		found.push('the sorted column is not told');
	const name = await page.locator('#classes tbody th bdi').first().textContent();
	await page.locator('#classes .filter input').fill(name.split(/[\s@]/)[0]);
	await page.waitForTimeout(200);
	const left = await page.locator('#classes tbody tr:not(.rest)').count();
	if (left < 1 || left >= up.length)
		found.push(`the filter leaves ${left} of ${up.length} rows`);
	await page.locator('#classes .filter input').fill('');
	await page.waitForTimeout(200);
	return found;
}

/** The search field, the address and the pictures agree; keys open and close the list of keys. */
export async function searchActs(page, url) {
	const found = [];
	await page.keyboard.press('Escape');
	await inPage(page, () => document.activeElement?.blur());
	await page.keyboard.press('/');
	await page.keyboard.type('zzz no such thing');
	await page.waitForFunction(() => location.hash.includes('search=zzz%20no%20such%20thing'), null, { timeout: 3000 }).catch(() =>
		found.push('the search is not in the address'));
	const shown = await page.locator('#classes tbody tr:not(.rest)').count();
	if (shown)
		found.push(`${shown} classes match what nothing matches`);
	await page.goto(`${url}#search=`);
	await page.waitForTimeout(200);
	await inPage(page, () => document.activeElement?.blur());
	await page.keyboard.press('?');
	if (!await page.locator('dialog[open]').count())
		found.push('? shows no keys');
	await page.keyboard.press('Escape');
	if (await page.locator('dialog[open]').count())
		found.push('Escape does not close the keys');
	return found;
}

/** #node= shows the object, a finding can be copied, and nothing in it is markup. */
export async function linksLead(page, url) {
	const found = [];
	if (!await page.locator('.card .id').count())
		return found;
	const id = await page.locator('.card .id').first().textContent();
	await page.goto(`${url}#node=${id.trim()}`);
	await page.waitForTimeout(200);
	if (!await page.locator('.found').count())
		found.push('#node= leads nowhere');
	const text = await inPage(page, () => {
		const card = document.querySelector('#findings .card');
		return card ? findingMarkdown(readFinding(card)) : '';
	});
	if (await page.locator('#findings .card').count() && !text.startsWith('### '))
		found.push('a finding does not become Markdown');
	if (/[^\\]<(?!0)/.test(text.replace(/`[^`]*`/g, '')))
		found.push(`markup in the Markdown of a finding: ${text}`);
	await page.goto(`${url}#`);
	return found;
}

/** What is zoomed into, how it is drawn and what is searched for are in the address, and lead back to the same picture. */
export async function pictureAddress(page, url) {
	const ids = await page.locator('section:has(.tree):has(.chart)').evaluateAll((all) => all.map((s) => s.id)), found = [];
	const look = (id) => inPage(page, (key) => {
		const { chart } = document.getElementById(key);
		return [chart.kind, chart.view.top, report.input.value, chart.parts.input.value].join();
	}, id);
	for (const id of ids) {
		const row = await inPage(page, (key) => {
			const { chart } = document.getElementById(key), to = Math.min(3, chart.view.layout.n - 1);
			searchAll('a');
			report.input.value = 'a';
			[...chart.parts.views.children].at(-1).click();
			chart.zoom(to);
			return to;
		}, id);
		const before = await look(id), address = page.url();
		if (!address.includes(`picture=${id}&view=treemap&zoom=${row}&search=a`))
			found.push(`${id}: the address of its third box is ${address.replace(url, '')}`);
		await page.goto('about:blank');
		await page.goto(address);
		await drawn(page);
		const after = await look(id);
		if (before !== after)
			found.push(`${id}: the address shows ${after} instead of ${before}`);
		await page.goto('about:blank');
		await page.goto(`${url}#picture=${id}&zoom=9e9&view=__proto__`);
		if (!(await look(id)).startsWith('Icicle,0,'))
			found.push(`${id}: an address of nonsense shows ${await look(id)}`);
	}
	if (ids.length) {
		await page.goto('about:blank');
		await page.goto(`${url}#zoom=1`);
		if (!(await look(ids[0])).startsWith('Icicle,1,'))
			found.push(`#zoom=1 shows ${await look(ids[0])}`);
	}
	await page.goto('about:blank');
	await page.goto(url);
	return found;
}

/** WCAG 2.2 AA as far as a program can tell. */
export async function axeFinds(page, source) {
	await inPage(page, source);
	const result = await inPage(page, () => axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
	}));
	return result.violations.flatMap((v) => v.nodes.slice(0, 2).map((n) =>
		`axe ${v.id}: ${n.target.join(' ')}: ${n.failureSummary.split('\n')[1]?.trim()}`));
}

/** Milliseconds until the page can be used, and until zooming and searching are drawn. */
export async function times(page) {
	const ready = await inPage(page, () => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd);
	const act = async (f) => inPage(page, f);
	const zoom = await act(() => new Promise((done) => {
		const section = [...document.querySelectorAll('section')].find((s) => s.chart);
		const t = performance.now();
		if (!section)
			return done(0);
		section.chart.zoom(section.chart.boxes()[3]?.row ?? 0);
		return requestAnimationFrame(() => setTimeout(() => done(performance.now() - t)));
	}));
	const search = await act(() => new Promise((done) => {
		const t = performance.now();
		searchAll('a');
		requestAnimationFrame(() => setTimeout(() => {
			done(performance.now() - t);
			searchAll('');
		}));
	}));
	return { ready, zoom, search };
}

/** A tree of many boxes, as a profile with 100 000 stacks has: drawn, zoomed and searched in time. */
export async function manyBoxes(page) {
	return inPage(page, async () => {
		const n = 200000, parent = new Int32Array(n), weight = new Float64Array(n), left = new Int32Array(n).fill(4), depth = new Int32Array(n);
		// a random walk down and up, the same each time
		let seed = 1, at = 0;
		const random = () => (seed = seed * 16807 % 2147483647) / 2147483647;
		parent[0] = -1;
		left[0] = n;
		for (let i = 1; i < n; i++) {
			while (at > 0 && (!left[at] || depth[at] > 60 || random() < 0.35))
				at = parent[at];
			left[at]--;
			parent[i] = at;
			depth[i] = depth[at] + 1;
			at = i;
		}
		for (let i = n - 1; i >= 0; i--) {
			weight[i] += 1;
			if (i)
				weight[parent[i]] += weight[i];
		}
		const frame = () => new Promise((done) => {
			requestAnimationFrame(() => setTimeout(done));
		});
		const timed = async (f) => {
			const t = performance.now();
			f();
			await frame();
			return performance.now() - t;
		};
		let chart = null;
		const look = { fill: () => 'box-up', hatched: () => false, label: (r) => `f${r % 5000}`, value: (r) => countText(weight[r]) };
		const first = await timed(() => {
			chart = new Chart({ layout: layOut(parent, weight), look, title: 'Many', names: (r) => `f${r % 5000}`,
				about: () => [], key: [], views: ['Icicle'] });
			document.querySelector('main').prepend(chart.root);
			chart.draw();
		});
		const zoom = await timed(() => chart.zoom(chart.boxes().find((b) => b.w < chart.view.width / 2).row));
		const search = await timed(() => chart.search('f12'));
		const boxes = chart.boxes().length;
		chart.root.remove();
		return { first, zoom, search, boxes };
	});
}
