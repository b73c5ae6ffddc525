'use strict';
/* Trees of the heap as pictures: what each box is called, how it is coloured, what is said of it. */

/** Kinds of classes, by name; the first that fits. The numbers are those of the statistics' colours. */
const CLASS_KINDS = /** @type {[RegExp, string, string][]} */ ([
	[/^\((compiled )?code\)/, 'part0', 'code'],
	[/^\((concatenated |sliced )?string\)$|^\(symbol\)$/, 'part1', 'strings'],
	[/^(Array|\(array\)|Map|Set|WeakMap|WeakSet)$/, 'part2', 'arrays, Maps, Sets'],
	[/ArrayBuffer|^(Uint8|Int8|Uint16|Int16|Uint32|Int32|Float\d+|Big\w+64|Uint8Clamped)Array$|^(Buffer|DataView)$/,
		'part3', 'typed arrays'],
	[/^\(.+\)$|^system \//, 'part4', 'system'],
	[/^Function$/, 'part6', 'functions'],
]);

/** @param {string} name */
function classKind(name) {
	const kind = CLASS_KINDS.find(([pattern]) => pattern.test(name));
	return kind ? kind[1] : 'part5';
}

/** @typedef {{t: Table, node: Column, edge: Column | undefined, rest: Column | undefined}} HeapTree */

/** @param {HeapTree} h @param {number} row */
function isNode(h, row) {
	return !!h.node.class?.[row];
}

/** @param {Table} t @param {string} key @param {number} row */
function valueOf(t, key, row) {
	return columnOf(t, key)?.values[row] ?? 0;
}

/** What a row without a node stands for. @param {HeapTree} h @param {number} row */
function restText(h, row) {
	const gone = h.rest ? nameAt(h.t, h.rest.values[row]) === 'gone' : false;
	if (gone)
		return `… ${countOf(valueOf(h.t, 'count_before', row), 'object', 'objects')} gone`;
	const n = columnOf(h.t, 'count') ? valueOf(h.t, 'count', row) : valueOf(h.t, 'count_after', row);
	return `… ${countOf(n, 'more object', 'more objects')}`;
}

/** @param {HeapTree} h @param {number} row */
function edgeText(h, row) {
	const edge = h.edge ? nameAt(h.t, h.edge.values[row]) : '';
	return !edge ? '' : edge.startsWith('[') ? edge : `.${edge}`;
}

/** The class, and what tells the object from others of it. @param {HeapTree} h @param {number} row */
function rowLabel(h, row) {
	if (!isNode(h, row))
		return restText(h, row);
	const name = nameAt(h.t, h.node.class?.[row] ?? 0), own = nameAt(h.t, h.node.name?.[row] ?? 0);
	const edge = edgeText(h, row);
	return `${edge ? `${edge} ` : ''}${name}${own && own !== name ? ` ${own}` : ''}`;
}

/** @param {HeapTree} h @param {number} row @returns {[string, string]} */
function objectFact(h, row) {
	if (!isNode(h, row))
		return ['What', restText(h, row)];
	const n = columnOf(h.t, 'rest') ? columnOf(h.t, 'count_after') ?? columnOf(h.t, 'count') : undefined;
	const many = n && n.values[row] > 1 ? ` × ${countText(n.values[row])}, such as` : '';
	return ['Object', `${rowLabel(h, row)}${many} @${h.node.id?.[row]}`];
}

/** @param {Column} c @param {number} v */
function exactText(c, v) {
	const text = numberText(c.type, v, c.signed);
	return c.type === 'bytes' && Math.abs(v) >= 1000 ? `${text} (${countText(v, c.signed)} B)` : text;
}

/** @param {HeapTree} h @param {number} row @returns {[string, string][]} */
function aboutRow(h, row) {
	const out = [objectFact(h, row)];
	const main = h.t.columns.filter((c) => c.main), others = h.t.columns.filter((c) => !c.main);
	for (const c of [...main, ...others])
		if (isNumber(c) && !(c.key === 'grown_bytes' || c.key === 'shrunk_bytes') &&
		    (isNode(h, row) || !c.key.startsWith('self')))
			out.push([c.title === 'Before' ? 'Objects before' : c.title, exactText(c, c.values[row])]);
	return out;
}

/** @param {HeapTree} h @param {number[]} weight @returns {Pick<ChartModel, 'look' | 'key'>} */
function growthLook(h, weight) {
	const delta = /** @type {Column} */ (columnOf(h.t, 'delta_bytes'));
	const ratio = (/** @type {number} */ r) => (weight[r] ? delta.values[r] / weight[r] : 0);
	return {
		look: {
			fill: (r) => (ratio(r) > 0.5 ? 'box-up' : ratio(r) > 0 ? 'box-up2' : ratio(r) < -0.5 ? 'box-down' :
				ratio(r) < 0 ? 'box-down2' : 'box-flat'),
			hatched: (r) => ratio(r) < 0,
			label: (r) => rowLabel(h, r),
			value: (r) => bytesText(delta.values[r], true),
		},
		key: [['box-up', 'grew', false], ['box-up2', 'grew on balance', false],
			['box-down2', 'shrank on balance', true], ['box-down', 'shrank', true]],
	};
}

/** @param {HeapTree} h @param {Column} size @returns {Pick<ChartModel, 'look' | 'key'>} */
function sizeLook(h, size) {
	const kinds = h.t.names.map(classKind);
	const fill = (/** @type {number} */ r) => (isNode(h, r) ? kinds[(h.node.class?.[r] ?? 1) - 1] : 'box-flat');
	return {
		look: { fill, hatched: () => false, label: (r) => rowLabel(h, r), value: (r) => bytesText(size.values[r]) },
		key: [...CLASS_KINDS.map(([, name, text]) => /** @type {[string, string, boolean]} */ ([name, text, false])),
			['part5', 'other objects', false]],
	};
}

/** @param {Table} t @returns {ChartModel | null} */
function heapTreeModel(t) {
	const node = columnOf(t, 'node'), parent = columnOf(t, 'parent'), main = t.columns.find((c) => c.main);
	if (!node || !parent || !main)
		return null;
	const h = { t, node, edge: columnOf(t, 'edge'), rest: columnOf(t, 'rest') };
	const grown = columnOf(t, 'grown_bytes'), shrunk = columnOf(t, 'shrunk_bytes');
	const weight = grown && shrunk ? grown.values.map((v, i) => v + shrunk.values[i]) : main.values;
	const layout = layOut(parent.values, weight);
	if (layout.total <= 0)
		return null;
	return { layout, title: t.title, names: (r) => rowLabel(h, r), about: (r) => aboutRow(h, r),
		...(grown ? growthLook(h, weight) : sizeLook(h, main)) };
}

/** The address of what a picture shows. @param {string} id of its section @param {Chart} chart @param {string} query */
function pictureHash(id, chart, query) {
	const { kind, views, view: { top } } = chart, isPlain = !top && kind === views[0];
	return makeHash([['picture', isPlain ? '' : id], ['view', kind === views[0] ? '' : kind.toLowerCase()], ['zoom', top || ''],
		['search', query]]);
}

/** Show what an address says of a picture, of the first one if it names none; it says nothing of the others, nor does one
 * that names a part of the page. @param {Map<string, string>} parts */
function followPicture(parts) {
	const isTold = parts.has('zoom') || parts.has('view');
	const told = /** @type {Chart | undefined} */ (isTold ? byId(parts.get('picture') ?? '')?.chart ?? report.charts[0] : undefined);
	for (const chart of parts.get('') ? [] : report.charts) {
		const of = chart === told ? parts : new Map();
		const kind = chart.views.find((name) => name.toLowerCase() === of.get('view')) ?? chart.views[0];
		const row = hashZoom(of, chart.view.layout.n);
		if (kind !== chart.kind)
			chart.turn(kind);
		if (row !== chart.view.top)
			chart.zoom(row);
	}
	told?.root.scrollIntoView({ block: 'center' });
}

/** A picture above the list of the same rows; what is selected in one is marked in the other.
 * @param {any} section @param {Table} t */
function makeTree(section, t) {
	const list = section.querySelector('.tree'), model = heapTreeModel(t);
	if (!list || !model)
		return null;
	const items = all('li', list).map((li) => li.querySelector(':scope > p, :scope > details > summary'));
	let marked = /** @type {any} */ (null);
	model.onSelect = (row) => {
		marked?.removeAttribute('aria-current');
		marked = items[row];
		marked?.setAttribute('aria-current', 'true');
	};
	const chart = new Chart(model);
	model.onZoom = () => {
		report.hash = (query) => pictureHash(section.id, chart, query);
		noteAddress();
	};
	model.onSearch = searchSoon;
	list.before(chart.root);
	section.chart = chart;
	items.forEach((item, row) => item?.addEventListener('click', () => chart.select(row)));
	return chart;
}
