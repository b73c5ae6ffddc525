'use strict';
/* The same trees as nested rectangles: what is large is seen at once, how deep it lies is not. */

const MAP_HEIGHT = 460;
const MAP_LABEL = 18;

/** Children of a row, heaviest first. @param {Layout} l @param {number} row */
function heaviestFirst(l, row) {
	const children = [];
	for (let i = row + 1; i < l.end[row]; i = l.end[i])
		if (l.weight[i] > 0)
			children.push(i);
	return children.sort((a, b) => l.weight[b] - l.weight[a] || a - b);
}

/** Where the children of a box go: below its label, if it has room for one. @param {Box} b @param {number} scale */
function innerRect(b, scale) {
	const label = b.w >= 48 * scale && b.h >= 34 * scale ? MAP_LABEL * scale : 2;
	return { x: b.x + 2, y: b.y + label, w: Math.max(b.w - 4, 0), h: Math.max(b.h - label - 2, 0) };
}

/** Boxes of the top's subtree, parents before children; below six pixels nothing is divided. @param {View} v
 * @returns {Box[]} */
function treemapBoxes(v) {
	const { layout: l, top } = v;
	const boxes = [{ row: top, x: 0, y: 0, w: v.width, h: v.height }];
	for (let k = 0; k < boxes.length; k++) {
		const b = boxes[k], inner = innerRect(b, v.scale);
		if (inner.w < 6 || inner.h < 6)
			continue;
		const children = heaviestFirst(l, b.row);
		const rects = squarify(children.map((i) => l.weight[i]), l.weight[b.row], inner);
		children.forEach((row, i) => {
			if (rects[i].w >= 1 && rects[i].h >= 1)
				boxes.push({ row, ...rects[i] });
		});
	}
	return boxes;
}

/** The innermost box at a point. @param {Box[]} boxes @param {number} x @param {number} y */
function treemapHit(boxes, x, y) {
	for (let k = boxes.length - 1; k >= 0; k--) {
		const b = boxes[k];
		if (x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h)
			return b.row;
	}
	return -1;
}

/** @param {CanvasRenderingContext2D} ctx @param {View} v @param {Palette} p @param {Box[]} boxes */
function paintTreemap(ctx, v, p, boxes) {
	for (const b of boxes) {
		paintBox(ctx, v, p, b);
		ctx.globalAlpha = 1;
		ctx.strokeStyle = p.sheet;
		ctx.lineWidth = 1;
		ctx.strokeRect(b.x + 0.5, b.y + 0.5, b.w - 1, b.h - 1);
		if (b.row === v.selected)
			paintBoxFrame(ctx, p, b);
		if (b.w < 48 * v.scale || b.h < 20 * v.scale)
			continue;
		ctx.fillStyle = v.hit && v.hit[b.row] ? p.hitInk : v.hit ? p.ink : p.boxInk;
		ctx.fillText(fitText(ctx, `${v.look.label(b.row)}  ${v.look.value(b.row)}`, b.w - 10), b.x + 5, b.y + 10 * v.scale);
	}
}

/** @param {CanvasRenderingContext2D} ctx @param {Palette} p @param {Box} b */
function paintBoxFrame(ctx, p, b) {
	ctx.strokeStyle = p.link;
	ctx.lineWidth = 2;
	ctx.strokeRect(b.x + 1, b.y + 1, Math.max(b.w - 2, 1), Math.max(b.h - 2, 1));
}
