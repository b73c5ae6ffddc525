'use strict';
/* The controls over a flamegraph, and what they say about it. */

/** @param {StackView} v */
function viewButtons(v) {
	const buttons = el('span', { className: 'views', role: 'group', 'aria-label': 'View' });
	for (const [key, textContent] of STACK_VIEWS) {
		if (key === 'time' && !v.data.runs)
			continue;
		const b = el('button', { type: 'button', textContent });
		b.addEventListener('click', () => v.set({ view: key, frame: -1 }));
		v.controls[`view-${key}`] = b;
		buttons.append(b);
	}
	return buttons;
}

/** Controls that choose, where there is something to choose from. @param {StackView} v */
function selectBoxes(v) {
	const d = v.data, out = [], c = v.controls;
	const colours = /** @type {[string, string][]} */ ([...(d.isDiff ? [['change', 'change']] : []), ['category', 'category'],
		['package', 'package']]);
	c.colour = makeSelect(colours, (colour) => v.set({ colour }));
	out.push(labelled('Colour', c.colour));
	if (d.values.length > 1) {
		c.value = makeSelect(d.values.map(({ type }, i) => [i, type]), (value) => v.set({ value: Number(value) }));
		out.push(labelled('Value', c.value));
	}
	if (d.threads.length > 1) {
		c.thread = makeSelect([[-1, 'all'], ...d.threads.map((name, i) => /** @type {[number, string]} */ ([i, name]))],
			(thread) => v.set({ thread: Number(thread) }));
		out.push(labelled('Thread', c.thread));
	}
	if (d.isDiff) {
		c.width = makeSelect([['', 'larger of both'], ['before', 'before'], ['after', 'after']], (width) => v.set({ width }));
		out.push(labelled('Width', c.width));
	}
	return out;
}

/** @param {StackView} v @param {'focus' | 'hide'} key @param {string} text @param {string} title */
function filterBox(v, key, text, title) {
	const input = el('input', { type: 'search', placeholder: 'regex', autocomplete: 'off', spellcheck: false, title });
	input.addEventListener('input', afterPause(() => v.set({ [key]: input.value }), 250));
	v.controls[key] = input;
	return labelled(text, input);
}

/** @param {StackView} v */
function makeStackBar(v) {
	return el('div', { className: 'flamebar' }, [viewButtons(v), ...selectBoxes(v),
		filterBox(v, 'focus', 'Focus', 'Only stacks with a function or file that matches'),
		filterBox(v, 'hide', 'Hide', 'Functions that match vanish; their time goes to their callers')]);
}

/** @param {StackView} v */
function makeStackTools(v) {
	const selected = () => Math.max(v.chart.view.selected, 0);
	const button = (/** @type {string} */ textContent, /** @type {() => void} */ act) => {
		const b = el('button', { type: 'button', className: 'button', textContent });
		b.addEventListener('click', act);
		return b;
	};
	return el('p', { className: 'tools' }, [
		button('Callers and callees', () => v.tree.frame[selected()] >= 0 && v.sandwich(v.tree.frame[selected()])),
		button('Copy stack', () => copyText(wayTo(v.tree, selected()).map((r) => boxName(v.data, v.tree, r)).join(';'), 'Stack')),
		button('Copy table', () => copyText(tableText(v.details.table), 'Table')),
		button('Copy link', () => copyText(location.href, 'Link')),
		button('Show all', () => v.set({ ...v.initial(), colour: v.state.colour })),
	]);
}

/** What is seen, in a sentence. @param {StackView} v */
function stackSentence(v) {
	const { state: s, data: d } = v;
	const filters = [s.focus && `only stacks with ${s.focus}`, s.hide && `without ${s.hide}`].filter(Boolean).join(', ');
	const what = /** @type {Record<string, string>} */ ({
		calls: 'Callers above, what they call below; the widest first.',
		inverted: 'Where time is spent itself comes first, below it who called that.',
		time: `What ran when${d.threads.length > 1 ? `, on ${d.threads[s.thread < 0 ? d.busiest() : s.thread]}` : ''}; gaps are idle.`,
		sandwich: s.frame >= 0 ? `${d.names[s.frame]}: who calls it above, what it calls below.` : '',
	})[s.view];
	return `${what}${filters ? ` Filtered: ${filters}.` : ''}${v.tree.total[0][0] > 0 ? '' : ' Nothing is left.'}`;
}

/** Controls say what is the case, however it came about. @param {StackView} v */
function showStackControls(v) {
	for (const [key] of STACK_VIEWS)
		v.controls[`view-${key}`]?.setAttribute('aria-pressed', String(v.state.view === key));
	for (const key of /** @type {const} */ (['colour', 'value', 'thread', 'width', 'focus', 'hide'])) {
		const control = v.controls[key];
		if (control && document.activeElement !== control)
			control.value = String(v.state[key]);
	}
	for (const key of /** @type {const} */ (['focus', 'hide']))
		v.controls[key].setAttribute('aria-invalid', String(!isPattern(v.state[key])));
	v.status.textContent = stackSentence(v);
}

/** @param {string} text */
function isPattern(text) {
	try {
		return !!new RegExp(text, 'iu');
	} catch {
		return false;
	}
}
