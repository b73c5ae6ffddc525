'use strict';
/* Links from places to source code, as web/html_source.c makes them. */

const source = { url: '' };

/** @param {string} url the template @param {string} place "file:line" @returns {string} '' when there is none */
function sourceLink(url, place) {
	const [, file, line] = /^(.+):(\d+)$/s.exec(place) ?? [];
	if (!url || !file || line === '0' || file.startsWith('node:') || /(^|[/\\])\.\.([/\\]|$)/.test(file))
		return '';
	let out = '';
	for (const part of url.split(/(\{file\}|\{line\}|\{column\})/)) {
		const name = out.endsWith('/') ? file.replace(/^\/+/, '') : file;
		out += part === '{line}' ? line : part === '{column}' ? '1' : part !== '{file}' ? part :
			encodeURI(name).replace(/[?#[\]&]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
	}
	return /^https?:\/\//i.test(out) ? out : '';
}

/** @param {string} place @returns {any} */
function placeNode(place) {
	const href = sourceLink(source.url, place), words = el('bdi', { textContent: place });
	return href ? el('a', { className: 'place', href, rel: 'noreferrer noopener' }, [words]) :
		el('span', { className: 'place' }, [words]);
}
