'use strict';
/*
 * A picture of a tree with all that belongs to it: icicle or treemap, search, zoom, keyboard, what is selected in words.
 * It knows nothing of heaps or profiles: a layout, a look and a few texts are all it is given.
 */

/**
 * @typedef {{layout: Layout, look: Look, title: string, names: (row: number) => string,
 *   about: (row: number) => [string, string][], key: [string, string, boolean][], onSelect?: (row: number) => void,
 *   views?: string[], upwards?: boolean}} ChartModel
 * @typedef {{root: any, select: (row: number) => void, zoom: (row: number) => void, search: (query: string) => void,
 *   boxes: () => Box[], view: View}} Chart
 */

/** @param {any} element @returns {Palette} */
function readPalette(element) {
	const style = getComputedStyle(element), cache = new Map();
	const colour = (/** @type {string} */ name) => {
		if (!cache.has(name))
			cache.set(name, style.getPropertyValue(`--${name}`).trim() || '#888');
		return cache.get(name);
	};
	return { ink: colour('ink'), sheet: colour('sheet'), soft: colour('soft'), link: colour('link'), hit: colour('hit'),
		hitInk: colour('hit-ink'), boxInk: colour('box-ink'), stripes: makeStripes(colour('stripe')), colour };
}

/** Stripes over what shrank: it is told from growth without colour. @param {string} colour */
function makeStripes(colour) {
	const tile = el('canvas', { width: 8, height: 8 }), ctx = tile.getContext('2d');
	ctx.strokeStyle = colour;
	ctx.lineWidth = 1.6;
	ctx.beginPath();
	for (const at of [-8, 0, 8]) {
		ctx.moveTo(at - 1, 9);
		ctx.lineTo(at + 9, -1);
	}
	ctx.stroke();
	return ctx.createPattern(tile, 'repeat');
}

/** @param {ChartModel} m */
function makeChartParts(m) {
	const id = `chart-${m.title.toLowerCase().replace(/[^a-z]+/g, '-')}`;
	const canvas = el('canvas', { tabIndex: 0, role: 'application', 'aria-roledescription': 'chart',
		'aria-label': `${m.title}: arrow keys move, Enter zooms in, Escape zooms out. The table below has the same rows.`,
		'aria-describedby': `${id}-about` });
	const about = el('dl', { className: 'about', id: `${id}-about`, 'aria-live': 'polite' });
	const input = el('input', { type: 'search', placeholder: 'Search', autocomplete: 'off', spellcheck: false,
		'aria-label': `Search in ${m.title}` });
	const found = el('span', { className: 'found-count', role: 'status' });
	const crumbs = el('nav', { className: 'crumbs', 'aria-label': `Zoom of ${m.title}` });
	const views = el('span', { className: 'views', role: 'group', 'aria-label': `View of ${m.title}` });
	const key = el('ul', { className: 'keys' }, m.key.map(([name, text, striped]) => {
		const swatch = el('i', { className: striped ? 'swatch striped' : 'swatch' });
		swatch.style.backgroundColor = `var(--${name})`;
		return el('li', {}, [swatch, text]);
	}));
	const root = el('div', { className: 'chart' },
		[el('div', { className: 'chartbar' }, [views, input, found]), crumbs, canvas, about, key]);
	return { root, canvas, about, input, found, crumbs, views };
}

/** @param {ChartModel} m @returns {Chart} */
function makeChart(m) {
	const parts = makeChartParts(m), { canvas } = parts, l = m.layout;
	const view = /** @type {View} */ ({ layout: l, look: m.look, top: 0, width: 0, height: 0, hit: null, selected: -1,
		hover: -1, upwards: m.upwards });
	const kinds = m.views ?? ['Icicle', 'Treemap'];
	let kind = kinds[0], boxes = /** @type {Box[]} */ ([]);
	let palette = /** @type {Palette | null} */ (null);

	const computeBoxes = () => (kind === 'Treemap' ? treemapBoxes(view) : flameBoxes(view));
	const draw = () => {
		const ratio = globalThis.devicePixelRatio || 1, ctx = canvas.getContext('2d');
		view.width = Math.max(canvas.parentElement.clientWidth, 50);
		view.height = kind === 'Treemap' ? MAP_HEIGHT : flameHeight(view);
		canvas.style.height = `${view.height}px`;
		canvas.width = Math.round(view.width * ratio);
		canvas.height = Math.round(view.height * ratio);
		palette ??= readPalette(parts.root);
		ctx.scale(ratio, ratio);
		ctx.font = `12px ${getComputedStyle(canvas).fontFamily}`;
		ctx.textBaseline = 'middle';
		ctx.direction = 'ltr';
		boxes = computeBoxes();
		(kind === 'Treemap' ? paintTreemap : paintFlame)(ctx, view, palette, boxes);
	};
	const redraw = oncePerFrame(draw);
	const tell = (/** @type {number} */ row) => {
		const rows = row < 0 ? [] : m.about(row);
		parts.about.replaceChildren(...rows.map(([name, value]) =>
			el('div', {}, [el('dt', { textContent: name }), el('dd', { textContent: value })])));
	};
	const select = (/** @type {number} */ row) => {
		view.selected = row;
		tell(row);
		m.onSelect?.(row);
		redraw();
	};
	const showCrumbs = () => {
		const way = [];
		for (let up = view.top; up >= 0; up = l.parent[up])
			way.unshift(up);
		parts.crumbs.hidden = way.length < 2;
		parts.crumbs.replaceChildren(...way.map((row, i) => {
			const b = el('button', { type: 'button', className: 'crumb' }, [el('bdi', { textContent: m.names(row) })]);
			b.disabled = i === way.length - 1;
			b.addEventListener('click', () => zoom(row));
			return b;
		}));
	};
	const zoom = (/** @type {number} */ row) => {
		view.top = Math.max(row, 0);
		view.hover = -1;
		showCrumbs();
		select(view.top);
	};
	const search = (/** @type {string} */ query) => {
		const wanted = matcher(query);
		parts.input.value = query;
		view.hit = null;
		parts.found.textContent = '';
		if (wanted) {
			const hit = new Uint8Array(l.n), seen = new Map();
			let n = 0;
			for (let i = 0; i < l.n; i++) {
				const name = m.names(i);
				if (!seen.has(name))
					seen.set(name, wanted(name) ? 1 : 0);
				hit[i] = seen.get(name);
				n += hit[i];
			}
			view.hit = hit;
			const covered = hundredths(coveredWeight(l, hit), l.total);
			parts.found.textContent = `${countOf(n, 'box', 'boxes')}, ${percentText(covered)}`;
		}
		redraw();
	};
	const rowAt = (/** @type {MouseEvent} */ e) => (kind === 'Treemap' ? treemapHit(boxes, e.offsetX, e.offsetY) :
		flameHit(view, e.offsetX, e.offsetY));

	canvas.addEventListener('mousemove', (/** @type {MouseEvent} */ e) => {
		const row = rowAt(e);
		if (row === view.hover)
			return;
		view.hover = row;
		canvas.style.cursor = row < 0 ? 'default' : 'pointer';
		tell(row < 0 ? view.selected : row);
		redraw();
	});
	canvas.addEventListener('mouseleave', () => {
		view.hover = -1;
		tell(view.selected);
		redraw();
	});
	canvas.addEventListener('click', (/** @type {MouseEvent} */ e) => {
		const row = rowAt(e);
		if (row >= 0)
			zoom(row === view.top && l.parent[row] >= 0 && row === view.selected ? l.parent[row] : row);
	});
	canvas.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
		if (e.ctrlKey || e.metaKey || e.altKey)
			return;
		const at = view.selected < 0 ? view.top : view.selected;
		if (e.key.startsWith('Arrow'))
			select(neighbour(l, at, e.key, view.top));
		else if (e.key === 'Enter' || e.key === ' ')
			zoom(at);
		else if (e.key === 'Escape' || e.key === 'Backspace')
			zoom(Math.max(l.parent[view.top], 0));
		else if (e.key === 'Home')
			zoom(0);
		else
			return;
		e.preventDefault();
	});
	canvas.addEventListener('focus', () => view.selected < 0 && select(view.top));
	parts.input.addEventListener('input', () => search(parts.input.value));
	for (const name of kinds.length > 1 ? kinds : []) {
		const b = el('button', { type: 'button', textContent: name, 'aria-pressed': String(name === kind) });
		b.addEventListener('click', () => {
			kind = name;
			for (const other of parts.views.children)
				other.setAttribute('aria-pressed', String(other === b));
			redraw();
		});
		parts.views.append(b);
	}
	showCrumbs();
	tell(0);
	new ResizeObserver(redraw).observe(parts.root);
	for (const query of ['(prefers-color-scheme: dark)', 'print'])
		matchMedia(query).addEventListener('change', () => {
			palette = null;
			draw();
		});
	return { root: parts.root, select, zoom, search, boxes: () => boxes, view };
}
