'use strict';
/* What all pages can do: search everywhere, walk over cards, copy on a click, unfold for paper. */

const report = { grids: /** @type {Grid[]} */ ([]), charts: /** @type {Chart[]} */ ([]), input: /** @type {any} */ (null),
	hash: searchHash, later: /** @type {(() => void) | undefined} */ (undefined), follows: false };

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
	for (const card of all('#findings .card, #insights .card, #settled tbody tr')) {
		const fits = !wanted || wanted(card.textContent);
		card.classList.toggle('aside', !fits);
		n += Number(fits);
	}
	byId('search-count').textContent = wanted && (byId('findings') || byId('insights')) ? countOf(n, 'finding', 'findings') : '';
}

/** The address is that of what is seen; while it is being followed it is the other way round. */
function noteAddress() {
	if (!report.follows)
		history.replaceState(null, '', report.hash(report.input?.value ?? ''));
}

/** Show what the address says, now and whenever it changes. @param {(parts: Map<string, string>) => void} f of this page */
function followAddress(f) {
	const follow = () => {
		const parts = hashParts(location.hash), search = parts.get('search') ?? '', target = byId(parts.get('') ?? '');
		const fold = target?.querySelector(':scope > details');
		report.follows = true;
		if (search !== report.input.value) {
			report.input.value = search;
			searchAll(search);
		}
		f(parts);
		report.follows = false;
		if (fold)
			fold.open = true;
	};
	addEventListener('hashchange', follow);
	follow();
}

/** Search everywhere once the typing has stopped. @param {string} query */
function searchSoon(query) {
	report.input.value = query;
	report.later ??= afterPause(() => {
		searchAll(report.input.value);
		noteAddress();
	}, 150);
	report.later();
}

function makeToolbar() {
	const input = el('input', { type: 'search', id: 'search', placeholder: 'Search the report', autocomplete: 'off',
		spellcheck: false, 'aria-label': 'Search the report' });
	const help = el('button', { type: 'button', className: 'button', textContent: '?', 'aria-label': 'Keys' });
	help.addEventListener('click', showHelp);
	input.addEventListener('input', () => searchSoon(input.value));
	report.input = input;
	document.querySelector('.brand')?.append(el('span', { className: 'toolbar' },
		[el('span', { id: 'search-count', role: 'status' }), ' ', input, ' ', help]));
}

/** Ids and places copy themselves when they are clicked. @param {MouseEvent} e */
function copyOnClick(e) {
	const target = /** @type {any} */ (e.target);
	if (target.closest('button, a, summary, input') || String(getSelection()))
		return;
	const id = target.closest('.id'), place = target.closest('.place');
	if (id)
		copyText(id.textContent, id.textContent);
	else if (place)
		copyText(place.title || place.textContent, 'Place');
}

/** @param {number} step 1: the next card below the top of the window, -1: the one before */
function walkCards(step) {
	const cards = all('#findings .card, #insights .card');
	const tops = cards.map((c) => c.getBoundingClientRect().top);
	const next = step > 0 ? tops.findIndex((y) => y > 60) : tops.findLastIndex((y) => y < -10);
	const card = cards[next];
	if (!card)
		return;
	card.scrollIntoView({ block: 'start' });
	card.tabIndex = -1;
	card.focus({ preventScroll: true });
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

/** The data of the page. @returns {Map<string, Table>} */
function openData() {
	const data = JSON.parse(byId('data').textContent);
	source.url = data.source ?? '';
	return tablesOf(data);
}

/** What every page does first and last. @param {Shortcut[]} more keys of this one @param {() => void} sections */
function startPage(more, sections) {
	document.documentElement.classList.add('js');
	makeToolbar();
	document.addEventListener('click', copyOnClick);
	startKeys([
		{ key: '/', text: 'search', act: () => report.input.focus() },
		{ key: 'j', text: 'next finding', act: () => walkCards(1) },
		{ key: 'k', text: 'finding before', act: () => walkCards(-1) },
		{ key: 't', text: 'top of the page', act: () => scrollTo(0, 0) },
		...more,
	]);
	all('#findings .card, #insights .card').forEach(addTools);
	sections();
	printAll();
	// what the first search would have to wait for
	globalThis.requestIdleCallback?.(() => report.grids.forEach((g) => g.order.forEach((row) => textOf(g, row))));
}
