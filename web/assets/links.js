'use strict';
/* What stands behind the # of the address: an element of the page, or something to look for. */

/** @param {string} hash @returns {{search: string, node: string, id: string}} */
function readHash(hash) {
	const text = hash.replace(/^#/, '');
	const out = { search: '', node: '', id: '' };
	for (const part of text.split('&')) {
		const at = part.indexOf('='), key = at < 0 ? '' : part.slice(0, at);
		let value = part.slice(at + 1);
		try {
			value = decodeURIComponent(value);
		} catch {
			// a stray % stands for itself
		}
		if (key === 'search')
			out.search = value;
		else if (key === 'node')
			out.node = /^@?\d+$/.test(value) ? value.replace(/^@?/, '@') : '';
		else if (at < 0)
			out.id = value;
	}
	return out;
}

/** @param {string} query */
function searchHash(query) {
	return query ? `#search=${encodeURIComponent(query)}` : '#';
}
