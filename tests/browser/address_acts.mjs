// Addresses: a link to a finding, an object or a search shows the same whether it is opened, followed, or come back to.

const inPage = (page, f, arg) => page.evaluate(f, arg);

/** All that an address decides, as text; not how many more rows were asked for. Runs in the browser. */
function seen() {
	const rows = report.grids.map((g) =>
		`${g.data.key}:${Math.min([...g.body.rows].filter((tr) => !tr.matches('.rest')).length, g.initial)}`);
	const charts = report.charts.map((c) => [c.kind, c.view.top, c.parts.input.value, c.view.hit?.reduce((a, b) => a + b, 0) ?? '']);
	const target = document.querySelector(':target');
	return JSON.stringify([report.input.value, document.getElementById('search-count').textContent, rows, charts, target?.id ?? '',
		globalThis.stackView?.()?.state]);
}

/** Is it on the screen, at least a part of what is higher? Runs in the browser. */
function isInView(selector) {
	return [...document.querySelectorAll(selector)].some((e) => {
		const box = e.getBoundingClientRect();
		return box.height > 0 && (box.top > -20 || box.height > innerHeight) && box.bottom > 0 && box.top < innerHeight - 10;
	});
}

/** An object that a card names, one that a tree does, and one that only the data of a table knows. Runs in the browser. */
function someNodes() {
	const texts = ['.card .id', '.tree small'].map((s) => document.querySelector(s)?.textContent.trim()).filter((t) => /^@\d+$/.test(t ?? ''));
	const named = new Set([...document.querySelectorAll('.id, .tree small')].map((e) => e.textContent.trim()));
	for (const g of report.grids)
		for (const c of g.data.columns)
			if (c.type === 'node') {
				const id = c.id.slice(0, g.data.rows).findLast((n, i) => n > 0 && c.class[i] && !named.has(`@${n}`));
				if (id)
					return [...texts, `@${id}`];
			}
	return texts;
}

/** The links that make sense on this page: what is to be on the screen then, if anything is. */
async function linksOf(page) {
	const links = [];
	for (const id of ['finding-2', 'finding-1'])
		if (await page.locator(`#${id}`).count()) {
			links.push({ hash: `#${id}`, inView: `#${id}` });
			break;
		}
	for (const id of await inPage(page, someNodes))
		links.push({ hash: `#node=${id}`, inView: '.found, [aria-current]' });
	const word = await inPage(page, () => report.grids[0]?.body.querySelector('bdi')?.textContent.match(/\w{3,}/)?.[0] ?? 'a');
	links.push({ hash: `#search=${word}` });
	return links;
}

async function arrived(page, link, how, before) {
	const found = [];
	await page.waitForTimeout(120);
	if (link.inView && !await inPage(page, isInView, link.inView))
		found.push(`${link.hash} ${how}: what it names is not on the screen`);
	const now = await inPage(page, seen);
	if (before !== undefined && now !== before)
		found.push(`${link.hash} ${how} shows ${now} instead of ${before}`);
	return { found, now };
}

/** Opened, then followed one after the other, then back and forward through all of them. */
export async function linksAgree(page, url) {
	const links = await linksOf(page), found = [], opened = [];
	for (const link of links) {
		await page.goto('about:blank');
		await page.goto(url + link.hash);
		const { found: bad, now } = await arrived(page, link, 'opened');
		found.push(...bad);
		opened.push(now);
		if (link.hash.startsWith('#search=') && !now.startsWith(`["${link.hash.slice(8)}"`))
			found.push(`${link.hash} is not what is searched for`);
	}
	await page.goto('about:blank');
	await page.goto(url);
	const begin = await inPage(page, seen);
	for (const [i, link] of links.entries()) {
		await inPage(page, (hash) => {
			location.hash = hash;
		}, link.hash);
		found.push(...(await arrived(page, link, 'followed', opened[i])).found);
	}
	// what was zoomed and typed meanwhile is not part of the way back
	for (let i = links.length - 2; i >= 0; i--) {
		await page.goBack();
		found.push(...(await arrived(page, links[i], 'on the way back', opened[i])).found);
	}
	await page.goBack();
	found.push(...(await arrived(page, { hash: 'the page itself' }, 'on the way back', begin)).found);
	for (const [i, link] of links.entries()) {
		await page.goForward();
		found.push(...(await arrived(page, link, 'on the way forward', opened[i])).found);
	}
	await page.goto('about:blank');
	await page.goto(url);
	return found;
}

/** A picture that was zoomed by a link is whole again on the way back. */
export async function zoomsReturn(page, url) {
	if (!await inPage(page, () => report.charts.some((c) => c.view.layout.n > 1)))
		return [];
	await page.goto(url);
	const before = await inPage(page, seen);
	await inPage(page, () => {
		location.hash = '#zoom=1';
	});
	await page.waitForTimeout(120);
	const zoomed = await inPage(page, seen);
	await page.goBack();
	await page.waitForTimeout(120);
	const after = await inPage(page, seen);
	return [...(zoomed === before ? ['#zoom=1 does not zoom'] : []), ...(after === before ? [] : [`the way back from #zoom=1 shows ${after}`])];
}

/** What the buttons of the first card hand out. */
export async function cardsCopy(page, url) {
	const card = page.locator('#findings .card, #insights .card').first();
	if (!await card.count())
		return [];
	await inPage(page, () => {
		globalThis.copyText = (text) => {
			globalThis.copied = text;
		};
	});
	const press = async (name) => {
		await card.getByRole('button', { name }).click();
		return inPage(page, () => globalThis.copied);
	};
	const markdown = await press('Copy as Markdown'), link = await press('Copy link'), found = [];
	const title = await card.locator('h3').textContent();
	if (!/^### \S/.test(markdown) || !title.includes(markdown.split('\n')[0].slice(4, 12).replace(/\\/g, '')))
		found.push(`${title} copied as ${markdown.slice(0, 80)}`);
	if (!/\nWritten by \S+ [\d.\\]+.*: \S/.test(markdown))
		found.push(`a ticket does not say where it comes from: ${markdown.slice(-80)}`);
	if (link !== `${url}#finding-1`)
		found.push(`the link of the first card is ${link}`);
	return found;
}

/** Every size that is rounded says on hover how many bytes it is, and they fit together. Runs in the browser. */
export async function bytesOnHover(page) {
	return inPage(page, () => {
		const found = [];
		for (const e of document.querySelectorAll('td.n, .tile dd, .amount strong, .sum b, .tree b, .keys b')) {
			const said = e.textContent.trim().match(/^[+−-]?([\d.]+) ([kMGT])B$/);
			if (!said)
				continue;
			const title = e.title || e.querySelector('[title]')?.title || e.closest('[title]')?.title || '';
			const exact = Number((title.match(/[\d,]{4,}/)?.[0] ?? '').replace(/,/g, '')), unit = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[said[2]];
			if (!exact || Math.abs(exact / unit - Number(said[1])) > 0.51)
				found.push(`${e.tagName}.${e.className} says ${e.textContent.trim()}, on hover ${JSON.stringify(title)}`);
		}
		return found.slice(0, 3);
	});
}
