'use strict';
/* Puts the page of a profile together once it is there. Whatever fails here leaves a page that can be read. */

/** Tables whose rows are the frames of the flamegraph, in the same order; the first that is there. */
const FRAME_TABLES = ['functions', 'changes', 'files', 'by_category', 'packages'];

/** The function's name in a row becomes a button, once. @param {Grid} g @param {any} tr @param {() => void} act */
function makeRowButton(g, tr, act) {
	const cell = tr.cells[g.shown.findIndex((c) => c.key === 'function' || c.key === 'name')];
	const name = cell?.querySelector(':scope > bdi');
	if (!name)
		return;
	const button = el('button', { type: 'button', className: 'crumb' });
	name.replaceWith(button);
	button.append(name);
	button.addEventListener('click', act);
}

/** Rows lead to the graph, and what is selected in the graph is marked in the rows. @param {Grid} g @param {StackView} v */
function linkFrames(g, v) {
	let marked = /** @type {any} */ (null);
	g.onRow = (tr, row) => {
		if (row < v.data.n)
			makeRowButton(g, tr, () => {
				v.sandwich(row);
				v.chart.root.scrollIntoView({ block: 'center' });
			});
	};
	renderGrid(g);
	v.onSelect = (frame) => {
		marked?.removeAttribute('aria-current');
		marked = frame < 0 ? null : g.rows[frame];
		marked?.setAttribute('aria-current', 'true');
	};
}

/** @param {Grid} g @param {StackView} v */
function linkTimes(g, v) {
	const start = columnOf(g.data, 'start_ns'), ns = columnOf(g.data, 'duration_ns');
	g.onRow = (tr, row) => {
		if (start && ns)
			makeRowButton(g, tr, () => v.showTime(start.values[row], start.values[row] + ns.values[row]));
	};
	renderGrid(g);
}

/** A click on the time line shows what ran then. @param {StackView} v */
function linkTimeline(v) {
	const figure = document.querySelector('.timeline'), picture = figure?.querySelector('.times');
	if (!figure || !picture || !v.data.runs)
		return;
	const end = Number(figure.getAttribute('data-end'));
	picture.classList.add('live');
	picture.addEventListener('click', (e) => {
		const box = picture.getBoundingClientRect(), at = (/** @type {MouseEvent} */ (e).clientX - box.left) / box.width * end;
		v.showTime(at - end / 200, at + end / 200);
	});
}

/** Cards lead to the function that they speak of. @param {StackView} v */
function linkCards(v) {
	for (const card of all('#insights .card')) {
		const name = card.querySelector('.where > bdi')?.textContent, place = card.querySelector('.where .place')?.title ?? '';
		const frame = !name ? -1 : v.data.names.findIndex((n, f) => n === name &&
			(!place || place.startsWith(`${v.data.places[f]}:`)));
		if (frame < 0)
			continue;
		const button = el('button', { type: 'button', className: 'button', textContent: 'Show in the flamegraph' });
		button.addEventListener('click', () => {
			v.sandwich(frame);
			v.chart.root.scrollIntoView({ block: 'center' });
		});
		card.querySelector('.where').append(' ', button);
	}
}

/** @param {Map<string, Table>} tables @returns {StackView | null} */
function startStacks(tables) {
	const room = document.querySelector('#stacks .flame');
	if (!room || !tables.has('stacks') || !tables.has('frames') || !tables.has('weights'))
		return null;
	const v = new StackView(room, tables), section = /** @type {any} */ (byId('stacks'));
	section.chart = v.chart;
	section.stacks = v;
	report.charts.push(v.chart);
	report.hash = (query) => v.hash(query);
	return v;
}

/** @param {Map<string, Table>} tables @param {StackView | null} v */
function startGrids(tables, v) {
	const linked = FRAME_TABLES.find((key) => tables.has(key) && byId(key));
	for (const [key, t] of tables) {
		const section = byId(key), grid = section && key !== 'stacks' && makeGrid(section, t);
		if (!grid)
			continue;
		report.grids.push(grid);
		if (v && key === linked)
			linkFrames(grid, v);
		else if (v && key === 'blocks')
			linkTimes(grid, v);
	}
}

/** @returns {StackView | null} */
function stackView() {
	return byId('stacks')?.stacks ?? null;
}

startPage([
	{ key: 'f', text: 'to the flamegraph', act: () => stackView()?.chart.parts.canvas.focus() },
	{ key: 'c', text: 'callers and callees of what is selected', act: () => stackView()?.set({ view: 'sandwich', frame: -1 }) },
	{ key: 'i', text: 'turn the flamegraph round: bottom-up, call tree', act: () => {
		const v = stackView();
		v?.set({ view: v.state.view === 'inverted' ? 'calls' : 'inverted' });
	} },
], () => {
	const tables = openData(), v = startStacks(tables);
	startGrids(tables, v);
	if (v) {
		linkTimeline(v);
		linkCards(v);
	}
	followAddress((parts) => {
		if (!parts.get(''))
			v?.restore(parts);
	});
});
