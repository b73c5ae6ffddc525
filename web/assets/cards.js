'use strict';
/* Findings: what can be copied off a card. */

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
	const name = textIn(card, '.where > bdi'), badge = textIn(card, 'h3 .badge');
	const files = all('.banner tbody th').map((th) => th.textContent.trim());
	const reasons = (/** @type {string} */ kind) => all(`.reasons .${kind}`, card).map((li) =>
		li.textContent.replace(/^(For|Against): /, ''));
	return {
		title: textIn(card, 'h3').slice(badge.length).replace(/^ *(\d+ )?/, ''),
		verdict: badge || [...card.querySelector('.badges')?.childNodes ?? []].map((n) => n.textContent.trim()).filter(Boolean).join(' '),
		text: textIn(card, ':scope > .words'),
		place: card.querySelector('.where .place')?.title ?? '',
		amount: textIn(card, '.amount strong'),
		share: textIn(card, '.share span'),
		facts: name ? [...facts, /** @type {[string, string]} */ (['Function', name])] : facts,
		pro: reasons('pro'),
		contra: reasons('contra'),
		advice: textIn(card, '.advice').replace(/^What to do /, ''),
		path: pathSteps(card),
		report: `${textIn(document, '.made')}: ${files.join(', ')}`,
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
