'use strict';
/* Numbers in words, exactly as analyzer/human.c writes them; the minus is the typographic one. */

const MINUS = '−';
const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** @param {number} v @param {boolean} [signed] */
function signText(v, signed) {
	return v < 0 ? MINUS : v > 0 && signed ? '+' : '';
}

/** @param {number} v @param {boolean} [signed] */
function countText(v, signed) {
	return signText(v, signed) + String(Math.abs(v)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param {number} v @param {boolean} [signed] */
function bytesText(v, signed) {
	const size = Math.abs(v), sign = signText(v, signed);
	if (size < 1000)
		return `${sign}${size} B`;
	for (let i = 0, unit = 1000; ; i++, unit *= 1000) {
		const tenths = Math.floor((size + unit / 20) / (unit / 10));
		const whole = Math.floor((size + unit / 2) / unit);
		if (tenths < 1000)
			return `${sign}${Math.floor(tenths / 10)}.${tenths % 10} ${BYTE_UNITS[i]}`;
		if (whole < 1000)
			return `${sign}${whole} ${BYTE_UNITS[i]}`;
	}
}

/** @param {number} v in hundredths @param {boolean} [signed] */
function percentText(v, signed) {
	const size = Math.abs(v);
	let tenths = Math.floor(size / 10) + (size % 10 >= 5 ? 1 : 0);
	if (size && size < 5)
		return v < 0 ? `>${MINUS}0.1 %` : '<0.1 %';
	if (size >= 9995 && size < 10000)
		tenths = 999;
	const fraction = tenths % 10 || (tenths && tenths < 1000) ? `.${tenths % 10}` : '';
	return `${signText(v, signed)}${Math.floor(tenths / 10)}${fraction} %`;
}

const TIME_UNITS = /** @type {[number, string][]} */ ([[1000, 'us'], [1000000, 'ms'], [1000000000, 's']]);

/** @param {number} ns @param {boolean} [signed] */
function timeText(ns, signed) {
	const v = Math.abs(ns), s = Math.floor((v + 500000000) / 1000000000), sign = signText(ns, signed);
	if (v < 1000)
		return `${sign}${v} ns`;
	for (const [unit, name] of s < 120 ? TIME_UNITS : []) {
		const part = Math.floor((v + unit / 200) / (unit / 100));
		const tenths = Math.floor((v + unit / 20) / (unit / 10)), whole = Math.floor((v + unit / 2) / unit);
		if (part < 1000)
			return `${sign}${Math.floor(part / 100)}.${String(part % 100).padStart(2, '0')} ${name}`;
		if (tenths < 1000)
			return `${sign}${Math.floor(tenths / 10)}.${tenths % 10} ${name}`;
		if (whole < 1000)
			return `${sign}${whole} ${name}`;
	}
	return s < 7200 ? `${sign}${Math.floor(s / 60)} min ${s % 60} s` :
		`${sign}${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}

/** @param {string} type @param {number} v @param {boolean} [signed] */
function numberText(type, v, signed) {
	switch (type) {
	case 'bytes':
		return bytesText(v, signed);
	case 'time':
		return timeText(v, signed);
	case 'count':
		return countText(v, signed);
	case 'percent':
		return percentText(v, signed);
	case 'distance':
		return v < 0 || v >= 1e8 ? '-' : `${v}`;
	default:
		return `${signed && v > 0 ? '+' : ''}${v}`;
	}
}

/** "1 row", "1,234 rows". @param {number} n @param {string} one @param {string} many */
function countOf(n, one, many) {
	return `${countText(n)} ${n === 1 ? one : many}`;
}

/** Of `part` in `whole`, in hundredths of a percent. @param {number} part @param {number} whole */
function hundredths(part, whole) {
	return whole ? Math.trunc(part / whole * 10000) : 0;
}
