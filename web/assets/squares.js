'use strict';
/* Squarified treemap (Bruls, Huizing, van Wijk 2000): rectangles of given areas, as square as they can be. */

/** @typedef {{x: number, y: number, w: number, h: number}} Rect */

/** Longest side by shortest, of the worst of a row. @param {number[]} row @param {number} sum @param {number} side */
function worstRatio(row, sum, side) {
	const thick = sum / side;
	let worst = 0;
	for (const area of row) {
		const long = area / thick;
		worst = Math.max(worst, long > thick ? long / thick : thick / long);
	}
	return worst;
}

/**
 * Rectangles for `weights` (largest first, none negative) that fill `box`, which stands for `total`; what the weights
 * leave over stays free at the end. @param {number[]} weights @param {number} total @param {Rect} box @returns {Rect[]}
 */
function squarify(weights, total, box) {
	const out = [], scale = total > 0 ? box.w * box.h / total : 0;
	let free = { ...box };
	for (let i = 0; i < weights.length;) {
		const side = Math.min(free.w, free.h);
		const row = /** @type {number[]} */ ([]);
		let sum = 0;
		while (i + row.length < weights.length) {
			const area = /** @type {number} */ (weights[i + row.length] * scale);
			if (row.length && (area <= 0 || worstRatio([...row, area], sum + area, side) > worstRatio(row, sum, side)))
				break;
			row.push(area);
			sum += area;
		}
		const thick = side > 0 ? sum / side : 0, across = free.w >= free.h;
		let along = 0;
		for (const area of row) {
			const long = thick > 0 ? area / thick : 0;
			out.push(across ? { x: free.x, y: free.y + along, w: thick, h: long } :
				{ x: free.x + along, y: free.y, w: long, h: thick });
			along += long;
		}
		free = across ? { x: free.x + thick, y: free.y, w: Math.max(0, free.w - thick), h: free.h } :
			{ x: free.x, y: free.y + thick, w: free.w, h: Math.max(0, free.h - thick) };
		i += row.length;
	}
	return out;
}
