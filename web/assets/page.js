'use strict';
/* Small things that everything on the page uses. Text gets in by textContent only. */

/**
 * An element with properties, attributes ("aria-..." and what has a dash) and children.
 * @param {string} tag @param {Record<string, any>} [props] @param {(Node | string)[]} [children] @returns {any}
 */
function el(tag, props = {}, children = []) {
	const e = document.createElement(tag);
	for (const [key, value] of Object.entries(props)) {
		if (key.includes('-') || key === 'role' || key === 'for')
			e.setAttribute(key, String(value));
		else
			/** @type {any} */ (e)[key] = value;
	}
	e.append(...children);
	return e;
}

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
function all(selector, root = document) {
	return [...root.querySelectorAll(selector)];
}

/** @param {string} id @returns {any} */
function byId(id) {
	return document.getElementById(id);
}

/** Run at most once a frame. @param {() => void} f */
function oncePerFrame(f) {
	let waits = false;
	return () => {
		if (waits)
			return;
		waits = true;
		requestAnimationFrame(() => {
			waits = false;
			f();
		});
	};
}

/** After the typing has stopped for a moment. @param {() => void} f @param {number} ms */
function afterPause(f, ms) {
	let timer = 0;
	return () => {
		clearTimeout(timer);
		timer = setTimeout(f, ms);
	};
}

const toast = { box: /** @type {any} */ (null), timer: 0 };

/** Say something for a moment, to screen readers too. @param {string} text */
function say(text) {
	if (!toast.box) {
		toast.box = el('p', { className: 'toast', role: 'status' });
		document.body.append(toast.box);
	}
	toast.box.textContent = text;
	toast.box.classList.add('on');
	clearTimeout(toast.timer);
	toast.timer = setTimeout(() => toast.box.classList.remove('on'), 2200);
}

/** The clipboard API needs a secure context, which a local file may not be. @param {string} text */
function copyOldWay(text) {
	const area = el('textarea', { value: text, className: 'sr', 'aria-hidden': 'true' });
	const before = /** @type {any} */ (document.activeElement);
	document.body.append(area);
	area.select();
	const done = document.execCommand('copy');
	area.remove();
	before?.focus?.();
	return done;
}

/** @param {string} text @param {string} what */
async function copyText(text, what) {
	let done = false;
	try {
		await navigator.clipboard.writeText(text);
		done = true;
	} catch {
		done = copyOldWay(text);
	}
	say(done ? `${what} copied` : 'The browser did not allow to copy');
}

/** Open all folds around an element, so that it can be seen. @param {Element} e */
function unfold(e) {
	for (let up = e.parentElement; up; up = up.parentElement)
		if (up instanceof HTMLDetailsElement)
			up.open = true;
}

/** Bring it into view, or the part where it is higher than the window, and mark it for a moment. @param {any} e @param {any} [part] */
function show(e, part = e) {
	unfold(part);
	(e.offsetHeight < innerHeight ? e : part).scrollIntoView({ block: 'center', inline: 'nearest' });
	e.classList.add('found');
	setTimeout(() => e.classList.remove('found'), 2500);
}
