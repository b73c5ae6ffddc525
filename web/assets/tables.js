'use strict';
/*
 * Sorting, filtering and showing all of a table whose first rows stand in the page. Rows that do not are made when they
 * are first needed; the sums below always are those of what is shown and what is not.
 */

const PAGE_ROWS = 200;

/**
 * @typedef {{data: Table, body: any, foot: any, rows: any[], texts: (string | undefined)[], order: number[],
 *   limit: number, initial: number, shown: Column[], query: string, count: any, more: any,
 *   onRow?: (tr: any, row: number) => void}} Grid
 */

/** @param {Table} t @param {Column} c @param {number} row @param {string} tag */
function makeNumberCell(t, c, row, tag) {
	const v = c.values[row];
	return numberCell(tag, c, v);
}

/** @param {string} tag @param {Column} c @param {number} v */
function numberCell(tag, c, v) {
	const tone = !c.signed ? '' : v > 0 ? ' up' : v < 0 ? ' down' : ' zero';
	const cell = el(tag, { className: `n${c.detail ? ' d' : ''}${tone}`, textContent: numberText(c.type, v, c.signed) });
	if (c.type === 'bytes' && Math.abs(v) >= 1000)
		cell.title = `${countText(v, c.signed)} bytes`;
	return cell;
}

/** @param {Grid} g @param {number} row */
function makeRow(g, row) {
	const t = g.data, tr = el('tr');
	const place = t.columns.find((c) => c.type === 'place');
	let named = false;
	for (const c of g.shown) {
		if (isNumber(c)) {
			tr.append(makeNumberCell(t, c, row, 'td'));
			continue;
		}
		const words = c.type === 'text' || c.type === 'node';
		const kind = words ? 'w' : c.type === 'path' ? 'p' : '';
		const cell = el(named || !words ? 'td' : 'th', { className: `${kind}${c.detail ? ' d' : ''}` });
		if (!named && words)
			cell.scope = 'row';
		const text = cellText(t, c, row) || '–';
		cell.append(c.type === 'path' ? pathNode(text) : el('bdi', { textContent: text }));
		if (words && c === hostOf(g) && place && place.values[row])
			cell.append(' ', placeNode(cellText(t, place, row)));
		named ||= words;
		tr.append(cell);
	}
	return tr;
}

/** What the page has as steps is a line of text here; long ones are folded in the same way. @param {string} text */
function pathNode(text) {
	const steps = text.split(' › '), whole = el('bdi', { textContent: text });
	return steps.length < 5 ? whole : el('details', { className: 'fold' }, [el('summary',
		{ textContent: `${steps.length - 1} steps … › ${steps.slice(-2).join(' › ')}` }), whole]);
}

/** The words that a place stands under: see choose_names() in html_tables.c. @param {Grid} g */
function hostOf(g) {
	const columns = g.data.columns, at = columns.findIndex((c) => c.type === 'place');
	for (let i = at - 1; i >= 0; i--)
		if ((columns[i].type === 'text' || columns[i].type === 'node') && g.shown.includes(columns[i]))
			return columns[i];
	return undefined;
}

/** @param {Grid} g @param {number} row */
function rowOf(g, row) {
	g.rows[row] ??= makeRow(g, row);
	return g.rows[row];
}

/** @param {Grid} g @param {number} row */
function textOf(g, row) {
	if (g.texts[row] === undefined)
		g.texts[row] = g.data.columns.filter((c) => !isNumber(c) && c.type !== 'series')
			.map((c) => cellText(g.data, c, row)).join(' ');
	return /** @type {string} */ (g.texts[row]);
}

/** Exact sums of some rows, by column. @param {Grid} g @param {number[]} rows @param {boolean} beyond with what the page
 * has no data of */
function sumsOf(g, rows, beyond) {
	const sums = new Map();
	for (const c of g.shown)
		if (c.sums)
			sums.set(c, rows.reduce((sum, r) => sum + c.values[r], beyond ? c.rest ?? 0 : 0));
	return sums;
}

/** @param {Grid} g @param {string} label @param {Map<Column, number>} sums */
function sumsRow(g, label, sums) {
	const tr = el('tr', { className: 'rest' });
	let named = false;
	for (const c of g.shown) {
		if (sums.has(c)) {
			tr.append(numberCell('td', c, sums.get(c) ?? 0));
		} else if (!named && !c.detail) {
			tr.append(el('th', { scope: 'row', textContent: label }));
			named = true;
		} else {
			tr.append(el('td', { className: c.detail ? 'd' : '' }));
		}
	}
	return tr;
}

/** @param {Grid} g @param {number} left rows that are not shown */
function offerMore(g, left) {
	g.more.hidden = !left;
	g.more.textContent = `Show ${countText(Math.min(PAGE_ROWS, left))} more`;
}

/** @param {Grid} g */
function renderGrid(g) {
	const wanted = matcher(g.query);
	const matching = wanted ? g.order.filter((r) => wanted(textOf(g, r))) : g.order;
	const shown = matching.slice(0, g.limit), left = matching.slice(g.limit);
	const rows = shown.map((r) => rowOf(g, r));
	rows.forEach((tr, i) => g.onRow?.(tr, shown[i]));
	const beyond = g.data.beyond, hidden = left.length + (wanted ? 0 : beyond);
	if (hidden)
		rows.push(sumsRow(g, `… ${countOf(hidden, 'more row', 'more rows')}`, sumsOf(g, left, !wanted)));
	if (wanted)
		rows.push(sumsRow(g, `Together ${countOf(matching.length, 'row', 'rows')}`, sumsOf(g, matching, false)));
	g.body.replaceChildren(...rows);
	if (g.foot)
		g.foot.hidden = !!wanted;
	offerMore(g, left.length);
	if (g.count)
		g.count.textContent = wanted ? `${countText(matching.length)} of ${countText(g.data.rows + beyond)}` : '';
}

/** The row that names an object, which is then shown; null: none does. @param {Grid} g @param {string} id "@123" */
function findRow(g, id) {
	const has = matcher(id), at = has ? g.order.findIndex((r) => has(textOf(g, r))) : -1;
	if (at < 0)
		return null;
	g.query = '';
	g.limit = Math.max(g.limit, at + 1);
	renderGrid(g);
	return rowOf(g, g.order[at]);
}

/** @param {Grid} g @param {string} query */
function filterGrid(g, query) {
	if (g.query === query)
		return;
	g.query = query;
	g.limit = g.initial;
	renderGrid(g);
}

/** A button in each head; the first press sorts numbers down and words up. @param {Grid} g @param {any} th @param {Column} c */
function makeSortable(g, th, c) {
	const button = el('button', { className: 'sort', type: 'button' }, [...th.childNodes]);
	button.addEventListener('click', () => {
		const was = th.getAttribute('aria-sort');
		const down = was ? was === 'ascending' : isNumber(c) || c.type === 'series';
		for (const other of all('th[aria-sort]', th.parentElement))
			other.removeAttribute('aria-sort');
		th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
		g.order = sortedRows(g.data, c, down);
		g.limit = Math.max(g.limit, g.initial);
		renderGrid(g);
	});
	th.append(button);
}

/** Which columns the page shows, by the titles in the table's head: a place may stand under the words before it.
 * @param {Table} t @param {any[]} heads */
function shownColumns(t, heads) {
	const shown = [];
	let at = 0;
	for (const th of heads) {
		const title = th.textContent.split(' · ')[0];
		while (at < t.columns.length && t.columns[at].title !== title)
			at++;
		if (at === t.columns.length)
			return null;
		shown.push(t.columns[at++]);
	}
	return shown;
}

/** @param {any} section @param {Table} data @returns {Grid | null} */
function makeGrid(section, data) {
	const table = section.querySelector('.grid table');
	const heads = table ? all('thead th', table) : [];
	const shown = table && shownColumns(data, heads);
	if (!shown)
		return null;
	const rows = all('tbody tr:not(.rest)', table);
	const grid = /** @type {Grid} */ ({ data, body: table.tBodies[0], foot: table.tFoot, rows, texts: [],
		order: Array.from({ length: data.rows }, (_, i) => i), limit: Math.max(rows.length, 1),
		initial: Math.max(rows.length, 1), shown, query: '', count: null,
		more: el('button', { type: 'button', className: 'button', hidden: true }) });
	heads.forEach((th, i) => makeSortable(grid, th, shown[i]));
	grid.more.addEventListener('click', () => {
		grid.limit += PAGE_ROWS;
		renderGrid(grid);
	});
	section.append(grid.more);
	offerMore(grid, data.rows - rows.length);
	if (data.rows > 8)
		addFilter(section, grid);
	return grid;
}

/** @param {any} section @param {Grid} g */
function addFilter(section, g) {
	const input = el('input', { type: 'search', placeholder: 'Filter', autocomplete: 'off', spellcheck: false,
		'aria-label': `Filter ${g.data.title}` });
	g.count = el('span', { role: 'status' });
	input.addEventListener('input', afterPause(() => filterGrid(g, input.value), 80));
	const bar = el('p', { className: 'filter' }, [input, ' ', g.count]);
	section.querySelector('.grid').prepend(bar);
}
