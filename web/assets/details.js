'use strict';
/*
 * What a flamegraph shows, as tables: the data behind it, the words for its boxes, and beside the picture a table of what
 * is around the selected box, for those who read rather than look and for copying.
 */

const MOST_CALLERS = 30;
const MOST_CALLEES = 100;

/** Frames, values and threads of the page's data, by number. */
class StackData {
	/** @param {Map<string, Table>} tables */
	constructor(tables) {
		const of = (/** @type {string} */ key) => /** @type {Table} */ (tables.get(key));
		const texts = (/** @type {Table} */ t, /** @type {string} */ key) =>
			(columnOf(t, key)?.values ?? []).map((i) => nameAt(t, i));
		const frames = of('frames'), stacks = of('stacks'), threads = of('threads'), values = of('values');
		this.names = texts(frames, 'function');
		this.places = texts(frames, 'place');
		this.categories = texts(frames, 'category');
		this.packages = texts(frames, 'package');
		this.n = this.names.length;
		this.texts = this.names.map((name, f) => `${name} ${this.places[f]}`);
		this.parent = Int32Array.from(columnOf(stacks, 'parent')?.values ?? []);
		this.frame = Int32Array.from(columnOf(stacks, 'frame')?.values ?? []);
		this.weights = of('weights');
		this.runs = tables.get('runs');
		this.before = this.weights.columns.find((c) => /^before(_ns|_bytes)?$/.test(c.key));
		this.isDiff = !!this.before;
		const types = values ? texts(values, 'type') : [''], units = values ? texts(values, 'unit') : [this.before?.type ?? ''];
		this.values = types.map((type, i) => ({ type, unit: /** @type {string} */ (units[i]) }));
		this.shown = Math.max(columnOf(values ?? frames, 'shown')?.values.indexOf(1) ?? 0, 0);
		this.threads = !threads ? [] : texts(threads, 'thread').map((name, i) =>
			[name || 'thread', columnOf(threads, 'pid')?.values[i] || '', columnOf(threads, 'tid')?.values[i] || i].filter((x) => x !== '')
				.join(' '));
		const sides = tables.get('comparison');
		this.isScaled = !!sides && !!columnOf(sides, 'scaled')?.values[0];
		this.whole = 0;
	}

	/** Own values of all rows: one column, or for a comparison the width and both sides with their samples.
	 * @param {number} value @param {number} thread -1: all @param {string} width "before" or "after"; "": the larger of both
	 * @returns {Float64Array[]} */
	columns(value, thread, width) {
		const w = this.weights, rows = w.columns[0].values, n = this.parent.length;
		const sum = (/** @type {number[]} */ from, /** @type {number} */ scale = 1) => {
			const out = new Float64Array(n), threads = w.columns[1].values;
			for (let i = 0; i < rows.length; i++)
				if (thread < 0 || threads[i] === thread)
					out[rows[i]] += from[i] * scale;
			return out;
		};
		if (!this.isDiff)
			return [sum(w.columns[2 + value].values)];
		const all = (/** @type {number} */ c) => w.columns[c].values.reduce((a, b) => a + b, 0);
		const scale = this.isScaled && all(1) ? all(2) / all(1) : 1;
		const [before, after, ...samples] = [sum(w.columns[1].values, scale), ...[2, 3, 4].map((c) => sum(w.columns[c].values))];
		const larger = before.map((v, i) => Math.max(v, after[i]));
		return [width === 'before' ? before : width === 'after' ? after : larger, before, after, ...samples];
	}

	/** @param {number} thread */
	runsOf(thread) {
		const [threads, starts, lengths, stacks] = (this.runs?.columns ?? []).map((c) => c.values);
		const out = [];
		for (let i = 0; i < (threads?.length ?? 0); i++)
			if (threads[i] === thread)
				out.push({ start: starts[i], ns: lengths[i], stack: stacks[i] });
		return out;
	}

	/** The thread that worked most. */
	busiest() {
		const sums = new Map();
		this.weights.columns[1].values.forEach((thread, i) =>
			sums.set(thread, (sums.get(thread) ?? 0) + this.weights.columns[2 + this.shown].values[i]));
		return [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
	}

	/** By frame: does "render server.js:12" match? @param {(text: string) => boolean} wanted */
	matches(wanted) {
		return Uint8Array.from(this.texts.map((text) => Number(wanted(text))));
	}
}

/** The exact number where the shown one is rounded. @param {string} unit @param {number} v */
function exactText(unit, v) {
	const n = Math.round(v);
	return unit === 'time' ? `${countText(n)} ns` : unit === 'bytes' ? `${countText(n)} bytes` : '';
}

/** What a box is called. @param {StackData} d @param {Stacks} t @param {number} row */
function boxName(d, t, row) {
	const f = t.frame[row];
	return f >= 0 ? d.names[f] : row ? '… smaller branches' : 'all';
}

/** Lines of the comparison. @param {string} unit @param {Float64Array[]} values @param {number} row
 * @returns {[string, string, string][]} */
function changeFacts(unit, values, row) {
	const [, before, after, n0, n1] = values.map((v) => v[row]), delta = after - before;
	const error = changeError(before, after, n0, n1);
	return [['Before', numberText(unit, Math.round(before)), exactText(unit, before)],
		['After', numberText(unit, Math.round(after)), exactText(unit, after)],
		['Change', `${numberText(unit, Math.round(delta), true)}${
			error ? ` (error of sampling ${numberText(unit, Math.round(error))})` : ''}`, exactText(unit, delta)]];
}

/** What is said of a box. @param {StackData} d @param {Stacks} t @param {string} unit @param {number} row
 * @param {string} own what its own value is called @returns {[string, string, string][]} */
function boxFacts(d, t, unit, row, own) {
	const f = t.frame[row], total = t.total[0][row], self = t.self[0][row];
	const share = (/** @type {number} */ v) => percentText(hundredths(v, t.total[0][0]));
	const facts = /** @type {[string, string, string][]} */ ([['Function', boxName(d, t, row), '']]);
	if (f >= 0 && d.places[f])
		facts.push(['Place', d.places[f], '']);
	if (d.isDiff && t.total.length > 1) {
		facts.push(...changeFacts(unit, t.total, row));
	} else {
		facts.push(['Total', `${numberText(unit, total)}, ${share(total)}`, exactText(unit, total)]);
		facts.push([own, `${numberText(unit, self)}, ${share(self)}`, exactText(unit, self)]);
	}
	if (t.at)
		facts.push(['From', numberText('time', t.at[row]), exactText('time', t.at[row])]);
	if (f >= 0)
		facts.push(['Category', `${d.categories[f]}${d.packages[f] ? `, ${d.packages[f]}` : ''}`, '']);
	return facts;
}

/** Rows around a box: its callers, itself, what it calls, heaviest first. @param {Stacks} t @param {number} row
 * @param {Int32Array} end */
function rowsAround(t, row, end) {
	const callers = wayTo(t, row).slice(0, -1), callees = [];
	for (let i = row + 1; i < end[row]; i = end[i])
		callees.push(i);
	callees.sort((a, b) => t.total[0][b] - t.total[0][a] || a - b);
	return { callers: callers.slice(-MOST_CALLERS), callees: callees.slice(0, MOST_CALLEES),
		left: callees.slice(MOST_CALLEES) };
}

/** @param {StackData} d @param {Stacks} t @param {string} unit @param {number[]} rows
 * @returns {[string, string, string][]} number, exact number, tone */
function detailNumbers(d, t, unit, rows) {
	const sum = (/** @type {Float64Array} */ column) => rows.reduce((all, row) => all + column[row], 0);
	const cell = (/** @type {number} */ v, /** @type {boolean} */ signed = false) => /** @type {[string, string, string]} */ (
		[numberText(unit, Math.round(v), signed), exactText(unit, v), !signed ? '' : v > 0 ? ' up' : v < 0 ? ' down' : ' zero']);
	if (d.isDiff && t.total.length > 1) {
		const before = sum(t.total[1]), after = sum(t.total[2]);
		return [cell(before), cell(after), cell(after - before, true)];
	}
	const total = sum(t.total[0]);
	return [cell(total), [percentText(hundredths(total, t.total[0][0])), '', ''], cell(sum(t.self[0]))];
}

/** @param {StackData} d @param {Stacks} t @param {string} unit @param {number[]} rows @param {string} relation
 * @param {(row: number) => void} go */
function detailRow(d, t, unit, rows, relation, go) {
	const [row] = rows, f = rows.length > 1 ? -1 : t.frame[row], name = rows.length > 1 ?
		`… ${countOf(rows.length, 'more', 'more')}` : boxName(d, t, row);
	const words = el('th', { scope: 'row', className: 'w' });
	const button = el('button', { type: 'button', className: 'crumb' }, [el('bdi', { textContent: name })]);
	button.addEventListener('click', () => go(row));
	words.append(rows.length > 1 ? name : button);
	if (f >= 0 && d.places[f])
		words.append(placeNode(d.places[f]));
	const tr = el('tr', {}, [el('td', { textContent: relation }), words,
		...detailNumbers(d, t, unit, rows).map(([textContent, title, tone]) => el('td', { className: `n${tone}`, textContent, title }))]);
	if (relation === 'selected')
		tr.setAttribute('aria-current', 'true');
	return tr;
}

/** @param {StackData} d */
function makeDetails(d) {
	const heads = d.isDiff ? ['Before', 'After', 'Change'] : ['Total', 'Share', 'Self'];
	const body = el('tbody');
	const caption = el('caption', { textContent: 'Callers and callees of the selected box' });
	const table = el('table', {}, [caption, el('thead', {}, [el('tr', {}, [el('th', { scope: 'col', textContent: 'Relation' }),
		el('th', { scope: 'col', textContent: 'Function' }),
		...heads.map((textContent) => el('th', { scope: 'col', className: 'n', textContent }))])]), body]);
	const root = el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Callers and callees' }, [table]);
	return { root, body, table };
}

/** Tab separated, as spreadsheets take it. @param {HTMLTableElement} table */
function tableText(table) {
	return [...table.rows].map((tr) => [...tr.cells].map((c) => (c.textContent ?? '').replace(/\s+/g, ' ')).join('\t')).join('\n');
}
