'use strict';
/*
 * A picture of a tree with all that belongs to it: icicle or treemap, search, zoom, keyboard, what is selected in words.
 * It knows nothing of heaps or profiles: a layout, a look and a few texts are all it is given.
 */

/**
 * @typedef {{layout: Layout, look: Look, title: string, names: (row: number) => string,
 *   about: (row: number) => ([string, string] | [string, string, string])[], key: [string, string, boolean][],
 *   onSelect?: (row: number) => void, onZoom?: () => void, onSearch?: (query: string) => void, views?: string[],
 *   upwards?: boolean, hits?: (wanted: (text: string) => boolean) => Uint8Array, tip?: (row: number) => string}} ChartModel
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
	const key = el('ul', { className: 'keys' }, keyItems(m.key));
	const tip = el('div', { className: 'tip', hidden: true, 'aria-hidden': 'true' });
	const bar = el('div', { className: 'chartbar' }, [views, input, found]);
	const root = el('div', { className: 'chart' }, [bar, crumbs, canvas, about, key, tip]);
	return { root, bar, canvas, about, input, found, crumbs, views, key, tip };
}

/** @param {[string, string, boolean][]} key colour, text, whether there are stripes */
function keyItems(key) {
	return key.map(([name, text, striped]) => {
		const swatch = el('i', { className: striped ? 'swatch striped' : 'swatch' });
		swatch.style.backgroundColor = `var(--${name})`;
		return el('li', {}, [swatch, text]);
	});
}

/** Of a longer way to the top the middle is left out. */
const MOST_CRUMBS = 10;

class Chart {
	/** @param {ChartModel} m */
	constructor(m) {
		this.model = m;
		this.parts = makeChartParts(m);
		this.root = this.parts.root;
		this.views = m.views ?? ['Icicle', 'Treemap'];
		this.kind = this.views[0];
		this.view = /** @type {View} */ ({ layout: m.layout, look: m.look, top: 0, width: 0, height: 0, hit: null,
			selected: -1, hover: -1, upwards: m.upwards, scale: 1, bar: BAR_HEIGHT });
		this.painted = /** @type {Box[]} */ ([]);
		this.palette = /** @type {Palette | null} */ (null);
		this.redraw = oncePerFrame(() => this.draw());
		this.addMouse();
		this.addKeys();
		this.addViews();
		this.parts.input.addEventListener('input', () => {
			this.search(this.parts.input.value);
			this.model.onSearch?.(this.parts.input.value);
		});
		this.showCrumbs();
		this.tell(0);
		this.watch();
	}

	/** Another picture in the same place; what was searched for is searched for in it. @param {ChartModel} m */
	show(m) {
		this.model = m;
		Object.assign(this.view, { layout: m.layout, look: m.look, top: 0, selected: -1, hover: -1, hit: null });
		this.parts.key.replaceChildren(...keyItems(m.key));
		this.showCrumbs();
		this.tell(0);
		this.search(this.parts.input.value);
	}

	boxes() {
		return this.painted;
	}

	isMap() {
		return this.kind === 'Treemap';
	}

	draw() {
		const { view, parts: { canvas } } = this;
		const ratio = globalThis.devicePixelRatio || 1, ctx = canvas.getContext('2d');
		this.view.upwards = this.model.upwards || this.kind === 'Flame';
		view.width = Math.max(canvas.clientWidth, 50);
		view.scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
		view.bar = Math.round(BAR_HEIGHT * view.scale);
		view.height = this.isMap() ? Math.round(MAP_HEIGHT * view.scale) : flameHeight(view);
		canvas.style.height = `${view.height}px`;
		canvas.width = Math.round(view.width * ratio);
		canvas.height = Math.round(view.height * ratio);
		this.palette ??= readPalette(this.root);
		ctx.scale(ratio, ratio);
		ctx.font = `${12 * view.scale}px ${getComputedStyle(canvas).fontFamily}`;
		ctx.textBaseline = 'middle';
		ctx.direction = 'ltr';
		this.painted = this.isMap() ? treemapBoxes(view) : flameBoxes(view);
		(this.isMap() ? paintTreemap : paintFlame)(ctx, view, this.palette, this.painted);
	}

	/** Put into words what is selected or pointed at. @param {number} row */
	tell(row) {
		const rows = row < 0 ? [] : this.model.about(row);
		this.parts.about.replaceChildren(...rows.map(([name, value, exact]) =>
			el('div', {}, [el('dt', { textContent: name }), el('dd', { textContent: value, title: exact ?? '' })])));
	}

	/** @param {number} row */
	select(row) {
		this.view.selected = row;
		this.tell(row);
		this.model.onSelect?.(row);
		this.redraw();
	}

	/** @param {number} row */
	zoom(row) {
		this.view.top = Math.max(row, 0);
		this.view.hover = -1;
		this.showCrumbs();
		this.select(this.view.top);
		this.model.onZoom?.();
	}

	showCrumbs() {
		const { crumbs } = this.parts, way = /** @type {number[]} */ ([]);
		for (let up = this.view.top; up >= 0; up = this.model.layout.parent[up])
			way.unshift(up);
		crumbs.hidden = way.length < 2;
		const cut = way.length > MOST_CRUMBS ? way.length - MOST_CRUMBS + 2 : 0;
		crumbs.replaceChildren(...way.map((row, i) => {
			if (cut && i > 1 && i <= cut)
				return i === 2 ? '…' : '';
			const b = el('button', { type: 'button', className: 'crumb' },
				[el('bdi', { textContent: this.model.names(row) })]);
			b.disabled = i === way.length - 1;
			b.addEventListener('click', () => this.zoom(row));
			return b;
		}));
	}

	/** Light up what matches; a name is looked at once, however many boxes bear it. @param {string} query */
	search(query) {
		const wanted = matcher(query), { layout: l, names } = this.model;
		this.parts.input.value = query;
		this.view.hit = wanted && new Uint8Array(l.n);
		let n = 0;
		if (wanted && this.model.hits) {
			this.view.hit = this.model.hits(wanted);
			for (const v of this.view.hit)
				n += v;
		} else if (wanted && this.view.hit) {
			const seen = new Map();
			for (let i = 0; i < l.n; i++) {
				const name = names(i);
				if (!seen.has(name))
					seen.set(name, Number(wanted(name)));
				this.view.hit[i] = seen.get(name);
				n += this.view.hit[i];
			}
		}
		this.parts.found.textContent = !this.view.hit ? '' : `${countOf(n, 'box', 'boxes')}, ${
			percentText(hundredths(coveredWeight(l, this.view.hit), l.total))}`;
		this.redraw();
	}

	/** @param {MouseEvent} e */
	rowAt(e) {
		return this.isMap() ? treemapHit(this.painted, e.offsetX, e.offsetY) : flameHit(this.view, e.offsetX, e.offsetY);
	}

	/** @param {number} row */
	point(row) {
		if (row === this.view.hover)
			return;
		this.view.hover = row;
		this.parts.canvas.style.cursor = row < 0 ? 'default' : 'pointer';
		this.tell(row < 0 ? this.view.selected : row);
		this.redraw();
	}

	/** What the box under the pointer is, beside the pointer. @param {MouseEvent} e @param {number} row */
	hint(e, row) {
		const { tip, canvas } = this.parts, text = row < 0 ? '' : this.model.tip?.(row) ?? '';
		tip.hidden = !text;
		if (!text)
			return;
		tip.textContent = text;
		const left = Math.min(e.offsetX + 14, canvas.clientWidth - tip.offsetWidth - 4);
		tip.style.left = `${canvas.offsetLeft + Math.max(left, 0)}px`;
		tip.style.top = `${canvas.offsetTop + e.offsetY + 18}px`;
	}

	addMouse() {
		const { canvas } = this.parts;
		canvas.addEventListener('mousemove', (/** @type {MouseEvent} */ e) => {
			this.point(this.rowAt(e));
			this.hint(e, this.view.hover);
		});
		canvas.addEventListener('mouseleave', (/** @type {MouseEvent} */ e) => {
			this.point(-1);
			this.hint(e, -1);
		});
		canvas.addEventListener('click', (/** @type {MouseEvent} */ e) => {
			const row = this.rowAt(e), { view, model } = this;
			const again = row === view.top && row === view.selected && model.layout.parent[row] >= 0;
			if (row >= 0)
				this.zoom(again ? model.layout.parent[row] : row);
		});
	}

	/** @param {string} key @returns {boolean} whether it means something here */
	press(key) {
		const { view, model: { layout: l } } = this, at = view.selected < 0 ? view.top : view.selected;
		if (key.startsWith('Arrow'))
			this.select(neighbour(l, at, this.view.upwards && /Up|Down/.test(key) ? key === 'ArrowUp' ? 'ArrowDown' :
				'ArrowUp' : key, view.top));
		else if (key === 'Enter' || key === ' ')
			this.zoom(at);
		else if (key === 'Escape' && !this.parts.tip.hidden)
			this.parts.tip.hidden = true;
		else if (key === 'Escape' || key === 'Backspace')
			this.zoom(l.parent[view.top]);
		else if (key === 'Home')
			this.zoom(0);
		else
			return false;
		return true;
	}

	addKeys() {
		const { canvas } = this.parts;
		canvas.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
			if (!e.ctrlKey && !e.metaKey && !e.altKey && this.press(e.key))
				e.preventDefault();
		});
		canvas.addEventListener('focus', () => this.view.selected < 0 && this.select(this.view.top));
	}

	addViews() {
		for (const name of this.views.length > 1 ? this.views : []) {
			const b = el('button', { type: 'button', textContent: name, 'aria-pressed': String(name === this.kind) });
			b.addEventListener('click', () => {
				this.turn(name);
				this.model.onZoom?.();
			});
			this.parts.views.append(b);
		}
	}

	/** Draw it the other way. @param {string} name of the views */
	turn(name) {
		this.kind = name;
		for (const b of this.parts.views.children)
			b.setAttribute('aria-pressed', String(b.textContent === name));
		this.redraw();
	}

	/** Size and colours may change. */
	watch() {
		new ResizeObserver(this.redraw).observe(this.parts.canvas.parentElement);
		for (const query of ['(prefers-color-scheme: dark)', 'print'])
			matchMedia(query).addEventListener('change', () => {
				this.palette = null;
				this.draw();
			});
	}
}
