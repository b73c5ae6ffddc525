'use strict';
/* The flamegraph with all that can be done to it: views, colours, filters, threads, and the address that leads back here. */

/** @typedef {{view: string, frame: number, thread: number, value: number, focus: string, hide: string, colour: string,
 *   width: string}} StackState */

const STACK_VIEWS = /** @type {[string, string][]} */ ([['calls', 'Call tree'], ['inverted', 'Bottom-up'], ['time', 'Time order'],
	['sandwich', 'Sandwich']]);

/** A matcher by frame for what was typed, taken as a regular expression; null: nothing, or none. @param {StackData} d
 * @param {string} text */
function frameFilter(d, text) {
	const wanted = text.trim() ? matcher(/^\/.*\/$/.test(text.trim()) ? text : `/${text.trim()}/`) : null;
	return wanted && d.matches(wanted);
}

/** @param {string} text @param {any} control */
function labelled(text, control) {
	return el('label', {}, [`${text} `, control]);
}

/** @param {[string | number, string][]} choices @param {(value: string) => void} act */
function makeSelect(choices, act) {
	const select = el('select', {}, choices.map(([value, textContent]) => el('option', { value: String(value), textContent })));
	select.addEventListener('change', () => act(select.value));
	return select;
}

class StackView {
	/** @param {any} room @param {Map<string, Table>} tables */
	constructor(room, tables) {
		this.data = new StackData(tables);
		this.state = this.initial();
		this.plain = this.base();
		this.tree = this.plain;
		this.look = this.frameLook();
		this.ends = subtreeEnds(this.tree);
		this.details = makeDetails(this.data);
		this.controls = /** @type {Record<string, any>} */ ({});
		this.onSelect = /** @type {(frame: number) => void} */ (() => {});
		this.chart = new Chart(this.model(this.tree));
		this.upper = /** @type {Chart | null} */ (null);
		this.upperRoom = el('div', { className: 'upper' });
		this.status = el('p', { className: 'note', role: 'status' });
		room.replaceChildren(makeStackBar(this), this.status, this.upperRoom, this.chart.root,
			makeStackTools(this), this.details.root);
		showStackControls(this);
		this.tellAround(0);
	}

	/** @returns {StackState} */
	initial() {
		return { view: 'calls', frame: -1, thread: -1, value: this.data.shown, focus: '', hide: '',
			colour: this.data.isDiff ? 'change' : 'category', width: '' };
	}

	unit() {
		return this.state.view === 'time' ? 'time' : this.data.values[this.state.value].unit;
	}

	/** The tree as the page has it, with the chosen values. */
	base() {
		const { data: d, state: s } = this;
		const t = makeStacks(d.parent, d.frame, d.columns(s.value, s.thread, s.width));
		const asWritten = s.value === d.shown && s.thread < 0 && !s.width;
		return asWritten ? t : arrange(t);
	}

	/** @returns {FrameLook} */
	frameLook() {
		const { data: d } = this;
		return this.state.colour === 'package' ? packageLook(d.packages, d.categories, frameSums(this.plain, d.n).self) :
			categoryLook(d.categories);
	}

	/** What is drawn, after filters and turns. @returns {Stacks} */
	makeTree() {
		const { data: d, state: s } = this;
		const focus = frameFilter(d, s.focus), hide = frameFilter(d, s.hide);
		if (s.view === 'time') {
			const t = makeStacks(d.parent, d.frame, []);
			return timeStacks(t, d.runsOf(s.thread < 0 ? d.busiest() : s.thread), focus, hide);
		}
		this.plain = this.base();
		if (focus || hide)
			this.plain = filterStacks(this.plain, d.n, focus, hide);
		return s.view === 'inverted' ? invertStacks(this.plain, d.n) :
			s.view === 'sandwich' && s.frame >= 0 ? calleeStacks(this.plain, d.n, s.frame) : this.plain;
	}

	/** @param {Stacks} t @returns {Look} */
	boxLook(t) {
		const { look } = this, unit = this.unit();
		if (this.state.colour !== 'change' || t.total.length < 5)
			return {
				fill: (r) => (t.frame[r] < 0 ? 'box-flat' : look.fill[t.frame[r]]),
				hatched: (r) => t.frame[r] >= 0 && look.striped[t.frame[r]],
				label: (r) => boxName(this.data, t, r),
				value: (r) => numberText(unit, Math.round(t.total[0][r])),
			};
		const whole = t.total[0][0], change = (/** @type {number} */ r) => changeOf(t.total.slice(1).map((v) => v[r]), whole);
		return {
			fill: (r) => CHANGE_LOOKS[change(r)][0],
			hatched: (r) => CHANGE_LOOKS[change(r)][2],
			label: (r) => boxName(this.data, t, r),
			value: (r) => {
				const what = change(r), delta = numberText(unit, Math.round(t.total[2][r] - t.total[1][r]), true);
				return what === 'new' || what === 'gone' ? `${what} ${delta}` : delta;
			},
		};
	}

	/** @param {Stacks} t @param {boolean} [above] callers, drawn upwards @returns {ChartModel} */
	model(t, above = false) {
		const d = this.data, unit = this.unit(), isChange = this.state.colour === 'change' && t.total.length >= 5;
		const about = (/** @type {number} */ r) => boxFacts(d, t, unit, r,
			above || this.state.view === 'inverted' ? 'Called by none' : t.at && !r ? 'Idle' : 'Self');
		return {
			layout: layOut(t.parent, t.total[0], t.at), look: this.boxLook(t), about,
			title: above ? 'Callers' : 'Flamegraph', names: (r) => boxName(d, t, r), upwards: above,
			views: above ? [''] : ['Icicle', 'Flame'],
			key: above ? [] : isChange ? Object.values(CHANGE_LOOKS).filter(([, text]) => text) : this.look.key,
			hits: (wanted) => {
				const hit = d.matches(wanted), out = new Uint8Array(t.n);
				for (let i = 0; i < t.n; i++)
					if (t.frame[i] >= 0)
						out[i] = hit[t.frame[i]];
				return out;
			},
			tip: (r) => about(r).filter(([name]) => name !== 'Category').map(([name, text]) =>
				(name === 'Function' || name === 'Place' ? text : `${name} ${text}`)).join('\n'),
			onSelect: (r) => {
				if (!above)
					this.tellAround(r);
				this.onSelect(t.frame[r]);
			},
			onZoom: noteAddress,
			onSearch: searchSoon,
		};
	}

	/** Draw anew after the state has changed. @param {number} [zoom] row */
	rebuild(zoom = 0) {
		if (this.state.view === 'sandwich' && this.state.frame < 0)
			this.state.frame = Math.max(this.tree.frame[this.chart.view.selected] ?? -1, 0);
		this.tree = this.makeTree();
		this.look = this.frameLook();
		this.ends = subtreeEnds(this.tree);
		this.chart.show(this.model(this.tree));
		this.showUpper();
		showStackControls(this);
		if (zoom > 0 && zoom < this.tree.n)
			this.chart.zoom(zoom);
		this.tellAround(Math.max(this.chart.view.selected, 0));
		noteAddress();
	}

	/** Callers stand above the function, what it calls below. */
	showUpper() {
		const isOn = this.state.view === 'sandwich';
		this.upperRoom.hidden = !isOn;
		if (!isOn)
			return;
		const m = this.model(callerStacks(this.plain, this.data.n, this.state.frame), true);
		if (this.upper) {
			this.upper.show(m);
			return;
		}
		this.upper = new Chart(m);
		this.upper.parts.bar.hidden = true;
		this.upperRoom.append(this.upper.root);
	}

	/** @param {Partial<StackState>} change */
	set(change) {
		Object.assign(this.state, change);
		this.rebuild();
	}

	/** @param {number} frame */
	sandwich(frame) {
		this.set({ view: 'sandwich', frame });
	}

	/** @param {number} start @param {number} end in nanoseconds */
	showTime(start, end) {
		if (!this.data.runs)
			return;
		if (this.state.view !== 'time')
			this.set({ view: 'time' });
		const { tree: t } = this;
		let best = 0, most = 0;
		for (let i = 1; i < t.n; i++) {
			const from = t.at?.[i] ?? 0, both = Math.min(end, from + t.total[0][i]) - Math.max(start, from);
			if (t.parent[i] === 0 && both > most) {
				best = i;
				most = both;
			}
		}
		this.chart.zoom(best);
		this.chart.root.scrollIntoView({ block: 'nearest' });
	}

	/** The table beside the picture. @param {number} row */
	tellAround(row) {
		const { tree: t, data: d } = this, unit = this.unit(), go = (/** @type {number} */ r) => this.chart.zoom(r);
		const { callers, callees, left } = rowsAround(t, row, this.ends);
		const line = (/** @type {number} */ r, /** @type {string} */ relation) => detailRow(d, t, unit, [r], relation, go);
		this.details.body.replaceChildren(...callers.map((r) => line(r, this.state.view === 'inverted' ? 'callee' : 'caller')),
			line(row, 'selected'), ...callees.map((r) => line(r, this.state.view === 'inverted' ? 'caller' : 'callee')),
			...(left.length ? [detailRow(d, t, unit, left, '', go)] : []));
	}

	/** The address of what is seen. @param {string} query @param {StackState} [s] @param {number} [top] of the zoom */
	hash(query, s = this.state, top = this.chart.view.top) {
		const i = this.initial();
		const parts = /** @type {[string, string | number][]} */ (Object.entries(s).map(([key, value]) =>
			[key, value === i[/** @type {keyof StackState} */ (key)] || (key === 'frame' && s.view !== 'sandwich') ? '' : value]));
		return makeHash([...parts, ['zoom', top || ''], ['search', query]]);
	}

	/** @param {Map<string, string>} parts of the address */
	restore(parts) {
		const i = this.initial(), number = (/** @type {string} */ key, /** @type {number} */ least, /** @type {number} */ end) => {
			const v = Number(parts.get(key) ?? NaN);
			return Number.isInteger(v) && v >= least && v < end ? v : null;
		};
		const one = (/** @type {string} */ key, /** @type {string[]} */ words) => words.find((w) => w === parts.get(key));
		const views = STACK_VIEWS.map(([key]) => key).filter((key) => key !== 'time' || this.data.runs);
		const state = { ...i,
			view: one('view', views) ?? i.view, frame: number('frame', 0, this.data.n) ?? -1,
			thread: number('thread', 0, this.data.threads.length) ?? -1, value: number('value', 0, this.data.values.length) ?? i.value,
			focus: parts.get('focus') ?? '', hide: parts.get('hide') ?? '', width: one('width', ['before', 'after']) ?? '',
			colour: one('colour', ['category', 'package', ...(this.data.isDiff ? ['change'] : [])]) ?? i.colour,
		};
		const zoom = hashZoom(parts, this.data.parent.length * 4);
		if (this.hash('') === this.hash('', state, zoom))
			return;
		Object.assign(this.state, state);
		this.rebuild(zoom);
	}
}
