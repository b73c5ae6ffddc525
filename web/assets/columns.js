'use strict';
/* The data of the page: columns as web/html_island.h packs them. */

/**
 * @typedef {{key: string, title: string, type: string, unit?: string, signed?: boolean, detail?: boolean,
 *   main?: boolean, sums?: boolean, rest?: number, values: number[], class?: number[], name?: number[], id?: any[]}} Column
 * @typedef {{key: string, title: string, kind: string, rows: number, beyond: number, columns: Column[],
 *   snapshots: number, names: string[]}} Table
 */

/** Numbers from base64 of zigzag differences. Exact up to 2^53. @param {string} text @returns {number[]} */
function unpack(text) {
	const bytes = atob(text), out = [];
	let last = 0, value = 0, scale = 1;
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes.charCodeAt(i);
		value += (byte & 127) * scale;
		scale *= 128;
		if (byte & 128)
			continue;
		last += value % 2 ? -(value + 1) / 2 : value / 2;
		out.push(last);
		value = 0;
		scale = 1;
	}
	return out;
}

/** Parents of rows in pre-order by how deep they lie. @param {number[]} depths */
function parentsOf(depths) {
	const way = /** @type {number[]} */ ([]);
	return depths.map((d, row) => {
		way[d] = row;
		return d ? /** @type {number} */ (way[d - 1]) : -1;
	});
}

/** Ids beyond 2^53 come in halves. @param {any[]} low @param {string} [high] */
function idsOf(low, high) {
	return high ? unpack(high).map((h, i) => BigInt(h) << 32n | BigInt(low[i])) : low;
}

/** @param {any} c a column as it stands in the page @param {number} rows @returns {Column} */
function readColumn(c, rows) {
	const { data, depths, same, step, high, ...rest } = c;
	if (c.type === 'node')
		return { ...rest, values: [], class: unpack(c.class), name: unpack(c.name), id: idsOf(unpack(c.id), high) };
	if (depths !== undefined)
		return { ...rest, values: parentsOf(unpack(depths)) };
	if (data === undefined)
		return { ...rest, values: new Array(rows).fill(same) };
	return { ...rest, values: step ? unpack(data).map((v) => v * step) : unpack(data) };
}

/** @param {string} json @returns {Map<string, Table>} */
function readTables(json) {
	return tablesOf(JSON.parse(json));
}

/** @param {any} data what stands in the page @returns {Map<string, Table>} */
function tablesOf(data) {
	const tables = new Map();
	for (const t of data.tables)
		tables.set(t.key, { ...t, columns: t.columns.map((/** @type {any} */ c) => readColumn(c, t.rows)), names: data.names,
			snapshots: data.snapshots });
	return tables;
}

/** @param {Table} t @param {string} key @returns {Column | undefined} */
function columnOf(t, key) {
	return t.columns.find((c) => c.key === key);
}

/** @param {Table} t @param {number} i a number out of a column of texts */
function nameAt(t, i) {
	return i ? t.names[i - 1] : '';
}

/** What a cell says, for searching and for rows that the page has no markup for.
 * @param {Table} t @param {Column} c @param {number} row @returns {string} */
function cellText(t, c, row) {
	switch (c.type) {
	case 'node': {
		if (!c.class?.[row])
			return '';
		const kind = nameAt(t, c.class[row]), name = nameAt(t, c.name?.[row] ?? 0);
		return `${kind}${name && name !== kind ? ` ${name}` : ''} @${c.id?.[row]}`;
	}
	case 'text':
	case 'place':
	case 'path':
		return nameAt(t, c.values[row]);
	case 'series': {
		const n = t.snapshots, at = row * n;
		return `${numberText(c.unit ?? 'number', c.values[at])} → ${numberText(c.unit ?? 'number', c.values[at + n - 1])}`;
	}
	case 'bool':
		return c.values[row] ? 'yes' : 'no';
	case 'row':
		return '';
	default:
		return numberText(c.type, c.values[row], c.signed);
	}
}

/** @param {Column} c */
function isNumber(c) {
	return ['bytes', 'count', 'time', 'percent', 'number', 'distance'].includes(c.type);
}

/** Rows in the order of a column; equal ones keep theirs. @param {Table} t @param {Column} c @param {boolean} down
 * @returns {number[]} */
function sortedRows(t, c, down) {
	const rows = Array.from({ length: t.rows }, (_, i) => i), sign = down ? -1 : 1;
	if (isNumber(c) || c.type === 'bool')
		return rows.sort((a, b) => sign * (c.values[a] - c.values[b]) || a - b);
	if (c.type === 'series') {
		const change = (/** @type {number} */ r) =>
			c.values[(r + 1) * t.snapshots - 1] - c.values[r * t.snapshots];
		return rows.sort((a, b) => sign * (change(a) - change(b)) || a - b);
	}
	const texts = rows.map((r) => cellText(t, c, r));
	return rows.sort((a, b) => sign * (texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : 0) || a - b);
}

/** A test for what the reader typed: words in any order, /regular expression/, or @id. @param {string} query
 * @returns {((text: string) => boolean) | null} null: everything */
function matcher(query) {
	const q = query.trim();
	if (!q)
		return null;
	const pattern = /^\/(.+)\/$/.exec(q);
	if (pattern) {
		try {
			const re = new RegExp(pattern[1], 'iu');
			return (text) => re.test(text);
		} catch {
			return () => false;
		}
	}
	if (/^@\d+$/.test(q)) {
		const re = new RegExp(`${q}(?!\\d)`);
		return (text) => re.test(text);
	}
	const words = q.toLowerCase().split(/\s+/);
	return (text) => {
		const low = text.toLowerCase();
		return words.every((w) => low.includes(w));
	};
}
