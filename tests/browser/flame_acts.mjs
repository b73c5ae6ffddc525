// What the flamegraph of a page does: each function tries one thing in an open page and returns complaints.

const inPage = (page, f, arg) => page.evaluate(f, arg);

const settled = (page) => inPage(page, () => new Promise((done) => {
	requestAnimationFrame(() => requestAnimationFrame(() => done(null)));
}));

/** All that is drawn adds up to what the JSON report says was recorded, in every value and thread and on both sides. */
export async function totalsAgree(page, doc) {
	return inPage(page, (json) => {
		const found = [], v = stackView(), d = v.data;
		const same = (what, got, want) => got === want || found.push(`${what}: the picture has ${got}, JSON ${want}`);
		const busy = (record) => Object.entries(record).find(([key]) => key.startsWith('busy'))[1];
		if (d.isDiff) {
			const side = (key) => Object.entries(json.comparison).find(([name]) => name.startsWith(`${key}_busy`))[1];
			const sum = (c) => d.weights.columns[c].values.reduce((a, b) => a + b, 0);
			same('before', sum(1), side('before'));
			same('after', sum(2), side('after'));
			return found;
		}
		same('all', v.tree.total[0][0], busy(json.summary));
		const sums = frameSums(v.tree, d.n);
		(json.functions ?? []).slice(0, d.n).forEach((f, i) => {
			const [self, total] = ['self', 'total'].map((k) => Object.entries(f).find(([key]) => new RegExp(`^${k}(_ns|_bytes)?$`).test(key))[1]);
			if (sums.self[i] !== self || sums.total[i] !== total)
				found.push(`${f.function}: ${sums.self[i]} and ${sums.total[i]}, JSON ${self} and ${total}`);
		});
		const perThread = d.threads.reduce((sum, _, i) => sum + makeStacks(d.parent, d.frame, d.columns(d.shown, i, '')).total[0][0], 0);
		if (d.threads.length)
			same('threads together', perThread, busy(json.summary));
		return found.slice(0, 5);
	}, doc);
}

/** Turned round, merged around a function, filtered, in time: what is drawn says what the tree says. */
export async function viewsAgree(page) {
	return inPage(page, () => {
		const found = [], v = stackView(), d = v.data, near = (a, b) => Math.abs(a - b) <= Math.abs(b) * 1e-9 + 1e-6;
		const check = (what, got, want) => near(got, want) || found.push(`${what}: ${got} instead of ${want}`);
		const whole = v.tree.total[0][0], sums = frameSums(v.tree, d.n), by = new Map();
		const grows = (t) => {
			for (let i = 1; i < t.n; i++)
				if (t.parent[i] >= i || t.total[0][i] > t.total[0][t.parent[i]] * (1 + 1e-9))
					return `box ${i} is larger than its parent`;
			return '';
		};
		v.set({ view: 'inverted' });
		check('bottom-up, all', v.tree.total[0][0], whole);
		for (let i = 1; i < v.tree.n; i++)
			if (v.tree.parent[i] === 0)
				by.set(v.tree.frame[i], v.tree.total[0][i]);
		for (const [f, total] of by)
			if (f >= 0)
				check(`bottom-up, own value of ${d.names[f]}`, total, sums.self[f]);
		found.push(grows(v.tree));
		const most = sums.total.indexOf(Math.max(...sums.total)), some = Math.floor(d.n / 2);
		for (const f of [0, most, some].filter((x) => sums.total[x] > 0)) {
			v.sandwich(f);
			check(`sandwich of ${d.names[f]}, callees`, v.tree.total[0][0], sums.total[f]);
			check(`sandwich of ${d.names[f]}, callers`, v.upper.view.layout.total, sums.total[f]);
			found.push(grows(v.tree));
		}
		const pattern = d.names[most].replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').slice(0, 40);
		v.set({ view: 'calls', hide: pattern });
		if (v.tree.total[0][0] !== whole && !d.isDiff)
			found.push('hiding loses weight');
		if (pattern && [...v.tree.frame].includes(most))
			found.push('a hidden function is there');
		v.set({ hide: '', focus: 'no such function anywhere' });
		check('focus on nothing', v.tree.total[0][0], 0);
		v.set({ focus: '(' });
		if (v.controls.focus.getAttribute('aria-invalid') !== 'true')
			found.push('a regular expression that is none is not marked');
		v.set({ focus: '' });
		if (d.runs) {
			v.set({ view: 'time', thread: d.threads.length > 1 ? d.busiest() : -1 });
			const runs = d.runsOf(d.busiest()), spent = runs.reduce((sum, r) => sum + r.ns, 0);
			const top = [...v.tree.parent].reduce((sum, p, i) => sum + (p === 0 ? v.tree.total[0][i] : 0), 0);
			const gaps = runs.reduce((sum, r, i) => sum + (i ? r.start - runs[i - 1].start - runs[i - 1].ns : 0), 0);
			const seen = top + runs.filter((r) => !r.stack).reduce((sum, r) => sum + r.ns, 0);
			if (seen < spent || seen > spent + gaps)
				found.push(`time order: ${seen} of ${spent} ns`);
		}
		v.set(v.initial());
		return found.filter(Boolean).slice(0, 5);
	});
}

/** Rows of tables lead to the picture, the picture marks rows; the table beside it adds up. */
export async function tablesLink(page) {
	const found = [];
	const linked = await inPage(page, () => FRAME_TABLES.find((key) => document.querySelector(`#${key} .grid`)));
	if (linked && await page.locator(`#${linked} tbody .crumb`).count()) {
		await page.locator(`#${linked} tbody .crumb`).first().click();
		const at = await inPage(page, () => [stackView().state.view, stackView().state.frame]);
		if (at[0] !== 'sandwich' || at[1] < 0)
			found.push(`a row of ${linked} does not lead to its function`);
		await inPage(page, () => stackView().chart.select(0));
		if (await page.locator(`#${linked} tr[aria-current]`).count() !== 1)
			found.push(`the picture does not mark a row of ${linked}`);
		await inPage(page, () => stackView().set(stackView().initial()));
	}
	found.push(...await inPage(page, () => {
		const v = stackView(), t = v.tree, bad = [];
		for (const row of [0, 1].filter((r) => r < t.n)) {
			v.chart.zoom(row);
			const { callees, left } = rowsAround(t, row, v.ends);
			const sum = [...callees, ...left].reduce((all, r) => all + t.total[0][r], t.self[0][row]);
			if (Math.abs(sum - t.total[0][row]) > t.total[0][row] * 1e-9)
				bad.push(`callees and own value of row ${row} are ${sum}, its total ${t.total[0][row]}`);
			const shown = v.details.body.rows.length, want = wayTo(t, row).length - (row ? 1 : 0) + 1 + callees.length + (left.length ? 1 : 0);
			if (shown !== want)
				bad.push(`the table beside the picture has ${shown} rows instead of ${want}`);
		}
		v.chart.zoom(0);
		return bad;
	}));
	return found;
}

/** An address leads back to the same picture. */
export async function addressLeads(page, url) {
	const look = () => inPage(page, () => {
		const v = stackView();
		return JSON.stringify([v.state, v.chart.view.top, v.tree.n, v.tree.total[0][0]]);
	});
	await inPage(page, () => {
		const v = stackView();
		v.set({ view: 'inverted', hide: 'zzz+', colour: 'package' });
		v.chart.zoom(Math.min(2, v.tree.n - 1));
		noteAddress();
	});
	const before = await look(), address = page.url();
	await page.goto('about:blank');
	await page.goto(address);
	await settled(page);
	const after = await look(), found = before === after ? [] : [`the address ${address} shows ${after} instead of ${before}`];
	await page.goto('about:blank');
	await page.goto(`${url}#zoom=1&search=a`);
	const at = await inPage(page, () => [stackView().chart.view.top, report.input.value, stackView().chart.parts.input.value]);
	if (at.join() !== '1,a,a')
		found.push(`#zoom=1&search=a shows ${at}`);
	await page.goto('about:blank');
	await page.goto(`${url}#view=javascript:x&frame=-7&zoom=9e9&thread=x&colour=%`);
	if (await inPage(page, () => stackView().chart.view.top) !== 0)
		found.push('an address of nonsense shows something');
	await page.goto('about:blank');
	await page.goto(url);
	return found;
}

/** The pointer gets a hint, keys lead into the picture and turn it round, the time line leads to its moment. */
export async function handsWork(page) {
	const found = [], canvas = page.locator('#stacks canvas').last();
	await canvas.scrollIntoViewIfNeeded();
	await settled(page);
	await canvas.hover({ position: { x: 30, y: 8 } });
	const tip = await page.locator('#stacks .tip').last().textContent();
	if (!tip.startsWith('all') || await page.locator('#stacks .tip').last().isHidden())
		found.push(`the pointer on the whole gets the hint ${JSON.stringify(tip)}`);
	await inPage(page, () => document.activeElement?.blur());
	await page.keyboard.press('f');
	if (await inPage(page, () => document.activeElement?.tagName) !== 'CANVAS')
		found.push('f does not lead into the picture');
	await page.keyboard.press('i');
	if (await inPage(page, () => stackView().state.view) !== 'inverted')
		found.push('i does not turn the picture round');
	await page.keyboard.press('i');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('c');
	const at = await inPage(page, () => [stackView().state.view, stackView().state.frame >= 0].join());
	if (at !== 'sandwich,true')
		found.push(`c shows ${at}`);
	await inPage(page, () => stackView().set(stackView().initial()));
	if (await page.locator('.times.live').count()) {
		await page.locator('.times.live').scrollIntoViewIfNeeded();
		await page.locator('.times.live').click({ position: { x: 40, y: 40 } });
		if (await inPage(page, () => stackView().state.view) !== 'time')
			found.push('the time line leads nowhere');
		await inPage(page, () => stackView().set(stackView().initial()));
	}
	return found;
}

/** Flame and icicle are the same picture, one upside down. */
export async function directionsAgree(page) {
	const shape = () => inPage(page, () => stackView().chart.boxes().map((b) => `${b.row} ${b.x.toFixed(1)} ${b.w.toFixed(1)}`).sort().join());
	await page.locator('#stacks').scrollIntoViewIfNeeded();
	const icicle = await shape();
	await page.locator('#stacks').getByRole('button', { name: 'Flame', exact: true }).click();
	await settled(page);
	const flame = await shape(), upwards = await inPage(page, () => {
		const c = stackView().chart, at = new Map(c.boxes().map((b) => [b.row, b]));
		return c.boxes().every((b) => !b.row || !at.get(c.view.layout.parent[b.row]) || b.y < at.get(c.view.layout.parent[b.row]).y);
	});
	await page.locator('#stacks').getByRole('button', { name: 'Icicle', exact: true }).click();
	return [...(icicle === flame ? [] : ['flame and icicle differ']), ...(upwards ? [] : ['the flame does not rise'])];
}

/** Each value and each thread that can be chosen draws what the JSON report has of it. */
export async function choicesDraw(page, json) {
	const found = [], bar = page.locator('#stacks .flamebar');
	const total = () => inPage(page, () => stackView().tree.total[0][0]);
	const value = bar.getByLabel('Value'), thread = bar.getByLabel('Thread');
	const column = (i) => Object.keys(json.weights[0]).find((key) => key === `self${i}` || key.startsWith(`self${i}_`));
	if ((json.values?.length ?? 0) > 1 !== await value.count() > 0)
		found.push(`${json.values.length} values, ${await value.count()} boxes to choose them`);
	for (let i = 0; await value.count() && i < json.values.length; i++) {
		await value.selectOption(String(i));
		const got = await total(), want = json.weights.reduce((sum, w) => sum + w[column(i)], 0);
		const shown = await inPage(page, () => stackView().chart.model.look.value(0));
		const said = await inPage(page, ([unit, v]) => numberText(unit, v), [json.values[i].unit, want]);
		if (got !== want || shown !== said)
			found.push(`value ${json.values[i].type}: ${got} drawn as ${shown}, JSON has ${want}`);
		if (!json.values[i].shown && !page.url().includes(`value=${i}`))
			found.push(`value ${json.values[i].type} is not in the address`);
	}
	await inPage(page, () => stackView().set(stackView().initial()));
	for (let i = 0; await thread.count() && i < json.threads.length; i++) {
		await thread.selectOption(String(i));
		const got = await total(), want = Object.entries(json.threads[i]).find(([key]) => key.startsWith('busy'))[1];
		if (got !== want)
			found.push(`thread ${i}: ${got}, JSON has ${want}`);
	}
	await inPage(page, () => stackView().set(stackView().initial()));
	return found;
}

/** Blocked turns of the event loop stand in the time line where they were, and lead to what ran then. */
export async function blocksMarked(page, json) {
	const found = [], marks = page.locator('.times .block');
	const end = json.timeline?.length > 1 ? json.timeline[1].start_ns * json.timeline.length : 0, blocks = end ? json.blocks ?? [] : [];
	if (await marks.count() !== blocks.length)
		return [`${await marks.count()} marks for ${blocks.length} blocked turns`];
	for (const [i, b] of blocks.entries()) {
		const at = await marks.nth(i).evaluate((r) => ['x', 'width'].map((a) => parseFloat(r.getAttribute(a))));
		const want = [b.start_ns / end * 100, Math.max(b.duration_ns / end * 100, 0.3)];
		if (at.some((v, k) => Math.abs(v - want[k]) > 0.11))
			found.push(`a block of ${b.duration_ns} ns at ${b.start_ns} is drawn at ${at} %`);
		const row = page.locator('#blocks tbody .crumb').nth(i);
		if (!await inPage(page, () => stackView().data.runs) || !await row.count())
			continue;
		await row.click();
		const [view, from, ns] = await inPage(page, () => {
			const v = stackView(), top = v.chart.view.top;
			return [v.state.view, v.tree.at?.[top], v.tree.total[0][top]];
		});
		if (view !== 'time' || from + ns <= b.start_ns || from >= b.start_ns + b.duration_ns)
			found.push(`the row of the block at ${b.start_ns} leads to ${view}, ${from} and ${ns} ns`);
	}
	await inPage(page, () => stackView().set(stackView().initial()));
	return found;
}
