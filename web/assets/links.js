'use strict';
/* What stands behind the # of the address: an element of the page, or something to look for. */

/** What is given by name; '' names an element. @param {string} hash @returns {Map<string, string>} */
function hashParts(hash) {
	const out = new Map();
	for (const part of hash.replace(/^#/, '').split('&')) {
		const at = part.indexOf('=');
		let value = part.slice(at + 1);
		try {
			value = decodeURIComponent(value);
		} catch {
			// a stray % stands for itself
		}
		out.set(at < 0 ? '' : part.slice(0, at), value);
	}
	return out;
}

/** The object that an address names, as "@123"; '' for none. @param {Map<string, string>} parts */
function nodeOf(parts) {
	const node = parts.get('node') ?? '';
	return /^@?\d+$/.test(node) ? node.replace(/^@?/, '@') : '';
}

/** @param {[string, string | number][]} parts those that say nothing are left out */
function makeHash(parts) {
	return `#${parts.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
}

/** @param {string} query */
function searchHash(query) {
	return makeHash([['search', query]]);
}

/** A box that an address names, of `n`; 0, the whole: it names none. @param {Map<string, string>} parts @param {number} n */
function hashZoom(parts, n) {
	const row = Number(parts.get('zoom') ?? 0);
	return Number.isInteger(row) && row > 0 && row < n ? row : 0;
}
