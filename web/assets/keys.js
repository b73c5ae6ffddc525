'use strict';
/* Single keys, and the window that lists them. They can be switched off there: not everybody types with a keyboard. */

/** @typedef {{key: string, text: string, act: () => void}} Shortcut */

const shortcuts = { on: true, list: /** @type {Shortcut[]} */ ([]), dialog: /** @type {any} */ (null) };

const PICTURE_KEYS = [['← → ↑ ↓', 'in a picture: move'], ['Enter', 'in a picture: zoom in'],
	['Esc', 'in a picture: zoom out'], ['Home', 'in a picture: show all']];

/** @param {string} key @param {string} text */
function keyLine(key, text) {
	return el('li', {}, [el('kbd', { textContent: key }), ' ', text]);
}

function makeHelp() {
	const close = el('button', { type: 'button', className: 'button', textContent: 'Close' });
	const box = el('input', { type: 'checkbox', checked: true, id: 'single-keys' });
	const title = el('h2', { id: 'help-title', textContent: 'Keys' });
	const dialog = el('dialog', { className: 'help', 'aria-labelledby': 'help-title' }, [
		title,
		el('ul', {}, [...shortcuts.list.map((s) => keyLine(s.key, s.text)),
			...PICTURE_KEYS.map(([key, text]) => keyLine(key, text))]),
		el('p', {}, [el('label', { for: 'single-keys' }, [box, ' Single keys act'])]),
		el('p', { textContent: `Words in a search may stand in any order; /…/ is a regular expression${
			document.querySelector('.id') ? '; @123 is an object' : ''}. Ids and places are copied by a click.` }),
		close,
	]);
	box.addEventListener('change', () => {
		shortcuts.on = box.checked;
	});
	close.addEventListener('click', () => dialog.close());
	document.body.append(dialog);
	return dialog;
}

function showHelp() {
	shortcuts.dialog ??= makeHelp();
	if (!shortcuts.dialog.open)
		shortcuts.dialog.showModal();
}

/** @param {KeyboardEvent} e */
function onKey(e) {
	const target = /** @type {any} */ (e.target);
	if (!shortcuts.on || e.ctrlKey || e.metaKey || e.altKey || target.closest('input, textarea, dialog, select'))
		return;
	const s = shortcuts.list.find((x) => x.key === e.key);
	if (!s)
		return;
	e.preventDefault();
	s.act();
}

/** @param {Shortcut[]} list */
function startKeys(list) {
	shortcuts.list = [...list, { key: '?', text: 'this list', act: showHelp }];
	document.addEventListener('keydown', onKey);
}
