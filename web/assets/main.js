'use strict';
/* Puts the page together once it is there. Whatever fails here leaves a page that can be read. */

const report = { grids: /** @type {Grid[]} */ ([]), charts: /** @type {Chart[]} */ ([]), input: /** @type {any} */ (null) };

/** Filter all tables, light up all pictures, dim the cards that do not fit. @param {string} query */
function searchAll(query) {
	const wanted = matcher(query);
	for (const g of report.grids) {
		const own = g.body.closest('section')?.querySelector('.filter input');
		if (own)
			own.value = query;
		filterGrid(g, query);
	}
	for (const chart of report.charts)
		chart.search(query);
	let n = 0;
	for (const card of all('#findings .card, #settled tbody tr')) {
		const fits = !wanted || wanted(card.textContent);
		card.classList.toggle('aside', !fits);
		n += Number(fits);
	}
	byId('search-count').textContent = wanted && byId('findings') ? countOf(n, 'finding', 'findings') : '';
}

function makeToolbar() {
	const input = el('input', { type: 'search', id: 'search', placeholder: 'Search the report', autocomplete: 'off',
		spellcheck: false, 'aria-label': 'Search the report' });
	const help = el('button', { type: 'button', className: 'button', textContent: '?', 'aria-label': 'Keys' });
	help.addEventListener('click', showHelp);
	const run = afterPause(() => {
		searchAll(input.value);
		history.replaceState(null, '', searchHash(input.value));
	}, 120);
	input.addEventListener('input', run);
	report.input = input;
	document.querySelector('.brand')?.append(el('span', { className: 'toolbar' },
		[el('span', { id: 'search-count', role: 'status' }), ' ', input, ' ', help]));
}

/** The first place that names the object: a card, a path, a row. @param {string} id "@123" */
function showNode(id) {
	const has = matcher(id);
	const place = all('.card .id, tbody .id, .tree small').find((e) => has?.(e.textContent));
	for (const section of all('section'))
		if (section.chart && section.tree) {
			const node = columnOf(section.tree, 'node'), row = node?.id?.indexOf(Number(id.slice(1))) ?? -1;
			if (row >= 0 && node?.class?.[row]) {
				section.chart.select(row);
				if (!place)
					show(section.chart.root);
			}
		}
	if (place)
		show(place.closest('li, tr') ?? place);
	else
		say(`${id} is not in this report`);
}

function followHash() {
	const { search, node, id } = readHash(location.hash);
	if (search || report.input.value) {
		report.input.value = search;
		searchAll(search);
	}
	if (node)
		showNode(node);
	const target = id && byId(id);
	const fold = target && target.querySelector(':scope > details');
	if (fold)
		fold.open = true;
}

/** @param {Map<string, Table>} tables */
function startSections(tables) {
	for (const [key, t] of tables) {
		const section = byId(key);
		if (!section)
			continue;
		if (t.kind === 'tree') {
			const chart = makeTree(section, t);
			section.tree = t;
			if (chart)
				report.charts.push(chart);
		} else {
			const grid = makeGrid(section, t);
			if (grid)
				report.grids.push(grid);
		}
	}
}

/** Paper has no folds. */
function printAll() {
	const opened = /** @type {any[]} */ ([]);
	addEventListener('beforeprint', () => {
		for (const d of all('.card details:not([open])')) {
			d.open = true;
			opened.push(d);
		}
	});
	addEventListener('afterprint', () => {
		for (const d of opened.splice(0))
			d.open = false;
	});
}

function start() {
	document.documentElement.classList.add('js');
	makeToolbar();
	startCards();
	startKeys([
		{ key: '/', text: 'search', act: () => report.input.focus() },
		{ key: 'j', text: 'next finding', act: () => walkCards(1) },
		{ key: 'k', text: 'finding before', act: () => walkCards(-1) },
		{ key: 't', text: 'top of the page', act: () => scrollTo(0, 0) },
	]);
	startSections(readTables(byId('data').textContent));
	printAll();
	addEventListener('hashchange', followHash);
	followHash();
}

start();
