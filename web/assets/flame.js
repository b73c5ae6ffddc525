'use strict';
/*
 * Icicle and flame pictures on a canvas. Only what is wider than half a pixel is looked at, whatever the size of the tree.
 */

/** At the usual size of type; the rest is to scale. */
const BAR_HEIGHT = 22;
/** Canvases have limits. Whoever zooms in gets the levels below. */
const MOST_LEVELS = 240;

/** The level at the picture's edge: far down, the way to the top is not drawn from the root. @param {View} v */
function firstLevel(v) {
	const d = v.layout.depth[v.top];
	return d > 40 ? d - 12 : 0;
}

/**
 * How the boxes of a tree look and what they say; whoever owns the tree gives it.
 * @typedef {{fill: (row: number) => string, hatched: (row: number) => boolean, label: (row: number) => string,
 *   value: (row: number) => string}} Look
 * @typedef {{layout: Layout, look: Look, top: number, width: number, height: number, hit: Uint8Array | null,
 *   selected: number, hover: number, upwards?: boolean, scale: number, bar: number}} View
 * @typedef {{row: number, x: number, y: number, w: number, h: number}} Box
 */

/** All boxes that can be seen: the way to the top at full width, below it the top's subtree to scale.
 * @param {View} v @returns {Box[]} */
function flameBoxes(v) {
	const { layout: l, top } = v, boxes = /** @type {Box[]} */ ([]);
	if (!l.n || l.weight[top] <= 0)
		return boxes;
	const x0 = l.start[top], scale = v.width / l.weight[top];
	const base = firstLevel(v), last = Math.min(l.levels.length, base + MOST_LEVELS);
	const yOf = (/** @type {number} */ d) => (v.upwards ? v.height - (d - base + 1) * v.bar : (d - base) * v.bar);
	for (let up = l.parent[top]; up >= 0 && l.depth[up] >= base; up = l.parent[up])
		boxes.push({ row: up, x: 0, y: yOf(l.depth[up]), w: v.width, h: v.bar });
	for (let d = l.depth[top]; d < last; d++) {
		const before = boxes.length;
		visibleBoxes(l, d, x0, x0 + l.weight[top], 0.5 / scale, (row) => {
			if (isBelow(l, row, top))
				boxes.push({ row, x: (l.start[row] - x0) * scale, y: yOf(d), w: l.weight[row] * scale, h: v.bar });
		});
		if (boxes.length === before)
			break;
	}
	return boxes;
}

/** The box under a point, without looking at all of them. @param {View} v @param {number} x @param {number} y */
function flameHit(v, x, y) {
	const { layout: l, top } = v;
	const d = firstLevel(v) + Math.floor((v.upwards ? v.height - y : y) / v.bar);
	if (!l.n || l.weight[top] <= 0)
		return -1;
	for (let up = top; up >= 0; up = l.parent[up])
		if (l.depth[up] === d)
			return up;
	const row = boxAt(l, d, l.start[top] + x / v.width * l.weight[top]);
	return row >= 0 && isBelow(l, row, top) ? row : -1;
}

/** How many levels have something to see, by layout, width and top: asked at every stroke. @type {WeakMap<Layout,
 * [number, number, number]>} */
const knownLevels = new WeakMap();

/** Has that level a box of `least`, or many small ones? @param {View} v @param {number} d @param {number} least */
function hasWeight(v, d, least) {
	const l = v.layout, level = l.levels[d], end = l.start[v.top] + l.weight[v.top];
	let sum = 0;
	for (let k = firstPast(l, level, l.start[v.top], 0); k < level.length && l.start[level[k]] < end; k++) {
		const weight = isBelow(l, level[k], v.top) ? l.weight[level[k]] : 0;
		sum += weight;
		if (weight >= least || sum * 50 >= l.weight[v.top])
			return true;
	}
	return false;
}

/** The last level that is worth its room: a column of hair down the page is not. @param {View} v */
function lastLevel(v) {
	const known = knownLevels.get(v.layout), l = v.layout;
	if (known && known[0] === v.width && known[1] === v.top)
		return known[2];
	const least = l.weight[v.top] * 4 / Math.max(v.width, 1);
	let d = Math.min(l.levels.length, firstLevel(v) + MOST_LEVELS);
	while (d > l.depth[v.top] + 1 && !hasWeight(v, d - 1, least))
		d--;
	knownLevels.set(l, [v.width, v.top, d]);
	return d;
}

/** The height that the picture needs. @param {View} v */
function flameHeight(v) {
	const seen = v.selected >= 0 ? v.layout.depth[v.selected] + 1 : 0;
	return Math.max(Math.max(lastLevel(v), seen) - firstLevel(v), 3) * v.bar;
}

/** No letter of the usual ones is wider; asked once for each font. @type {Map<string, number>} */
const letterWidths = new Map();

/** @param {CanvasRenderingContext2D} ctx */
function letterWidth(ctx) {
	let width = letterWidths.get(ctx.font);
	if (!width) {
		width = ctx.measureText('—').width;
		letterWidths.set(ctx.font, width);
	}
	return width;
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} room */
function fitText(ctx, text, room) {
	let short = text;
	if (text.length * letterWidth(ctx) <= room)
		return text;
	for (let width = ctx.measureText(text).width; width > room; width = ctx.measureText(short).width) {
		const n = Math.min(Math.floor(short.length * room / width), short.length - 1) - 1;
		if (n < 2)
			return '';
		short = `${text.slice(0, n).replace(/[\ud800-\udbff]$/, '')}…`;
	}
	return short;
}

/** @typedef {{ink: string, sheet: string, soft: string, link: string, hit: string, hitInk: string, boxInk: string,
 *   stripes: CanvasPattern | null, colour: (name: string) => string}} Palette */

/** @param {CanvasRenderingContext2D} ctx @param {View} v @param {Palette} p @param {Box} b */
function paintBox(ctx, v, p, b) {
	const hit = v.hit && v.hit[b.row], dim = v.hit && !hit;
	const gap = b.w > 3 ? 1 : 0;
	ctx.globalAlpha = dim ? 0.3 : 1;
	ctx.fillStyle = hit ? p.hit : p.colour(v.look.fill(b.row));
	ctx.fillRect(b.x, b.y, Math.max(b.w - gap, 0.5), b.h - 1);
	if (p.stripes && v.look.hatched(b.row)) {
		ctx.fillStyle = p.stripes;
		ctx.fillRect(b.x, b.y, Math.max(b.w - gap, 0.5), b.h - 1);
	}
	ctx.globalAlpha = dim ? 0.6 : 1;
	if (b.row === v.selected || b.row === v.hover) {
		ctx.strokeStyle = b.row === v.selected ? p.link : p.ink;
		ctx.lineWidth = b.row === v.selected ? 2 : 1;
		ctx.strokeRect(b.x + 1, b.y + 1, Math.max(b.w - gap - 2, 1), b.h - 3);
	}
}

/** @param {CanvasRenderingContext2D} ctx @param {View} v @param {Palette} p @param {Box} b */
function paintLabel(ctx, v, p, b) {
	const room = b.w - 11 * v.scale;
	if (room < 18 * v.scale)
		return;
	ctx.globalAlpha = v.hit && !v.hit[b.row] ? 0.75 : 1;
	ctx.fillStyle = v.hit && v.hit[b.row] ? p.hitInk : v.hit ? p.ink : p.boxInk;
	const value = room > 90 * v.scale ? v.look.value(b.row) : '';
	const valueWidth = value ? ctx.measureText(value).width : 0;
	const withValue = value && room > valueWidth + 60 * v.scale;
	const label = fitText(ctx, v.look.label(b.row), withValue ? room - valueWidth - 12 : room + 4);
	ctx.fillText(label, b.x + 5, b.y + v.bar / 2);
	if (withValue)
		ctx.fillText(value, b.x + b.w - valueWidth - 6, b.y + v.bar / 2);
}

/** @param {CanvasRenderingContext2D} ctx @param {View} v @param {Palette} p @param {Box[]} boxes */
function paintFlame(ctx, v, p, boxes) {
	for (const b of boxes)
		paintBox(ctx, v, p, b);
	for (const b of boxes)
		paintLabel(ctx, v, p, b);
	ctx.globalAlpha = 1;
}
