'use strict';
/* Findings: what can be copied off a card, and how the keys walk over them. */

/** @param {any} card @param {string} selector */
function textIn(card, selector) {
	return card.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
}

/** The steps of a path, each as it reads: edge, class, id. @param {any} card @returns {string[]} */
function pathSteps(card) {
	const way = card.querySelector('.way');
	return !way ? [] : all('.path > li', way).map((li) => li.textContent.replace(/\s+/g, ' ').trim());
}

/** @param {any} card */
function readFinding(card) {
	const facts = all('.numbers > div', card).map((d) => /** @type {[string, string]} */ (
		[textIn(d, 'dt'), textIn(d, 'dd')]));
	const reasons = (/** @type {string} */ kind) => all(`.reasons .${kind}`, card).map((li) =>
		li.textContent.replace(/^(For|Against): /, ''));
	return {
		title: textIn(card, 'h3').replace(/^\d+ /, ''),
		verdict: textIn(card, '.badges'),
		place: card.querySelector('.where .place')?.title ?? '',
		amount: textIn(card, '.amount strong'),
		share: textIn(card, '.share span'),
		facts,
		pro: reasons('pro'),
		contra: reasons('contra'),
		advice: textIn(card, '.advice').replace(/^What to do /, ''),
		path: pathSteps(card),
		report: textIn(document, 'footer .made'),
	};
}

/** @param {string} text @param {() => void} act */
function toolButton(text, act) {
	const b = el('button', { type: 'button', className: 'button', textContent: text });
	b.addEventListener('click', act);
	return b;
}

/** @param {any} card */
function addTools(card) {
	const tools = el('p', { className: 'tools' }, [
		toolButton('Copy as Markdown', () => copyText(findingMarkdown(readFinding(card)), 'Finding')),
		toolButton('Copy link', () => copyText(`${location.href.split('#')[0]}#${card.id}`, 'Link')),
	]);
	const steps = pathSteps(card);
	if (steps.length)
		tools.append(toolButton('Copy path', () => copyText(steps.join(' › '), 'Path')));
	card.append(tools);
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
	const cards = all('#findings .card');
	const tops = cards.map((c) => c.getBoundingClientRect().top);
	const next = step > 0 ? tops.findIndex((y) => y > 60) : tops.findLastIndex((y) => y < -10);
	const card = cards[next];
	if (!card)
		return;
	card.scrollIntoView({ block: 'start' });
	card.tabIndex = -1;
	card.focus({ preventScroll: true });
}

function startCards() {
	for (const card of all('#findings .card'))
		addTools(card);
	document.addEventListener('click', copyOnClick);
}
