// Colours as people with other cones see them, and how far apart two of them are. Pure functions.

/** sRGB from "#abc", "#aabbcc" or "rgb(r g b / a%)": red, green, blue from 0 to 1, and opacity. */
export function parseColour(text) {
	const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
	if (hex) {
		const wide = hex.length === 3 ? [...hex].map((d) => d + d).join('') : hex;
		return [...[0, 2, 4].map((i) => parseInt(wide.slice(i, i + 2), 16) / 255), 1];
	}
	const rgb = /^rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)%\)$/.exec(text.trim());
	if (!rgb)
		throw new Error(`no colour: ${text}`);
	return [...rgb.slice(1, 4).map((v) => Number(v) / 255), Number(rgb[4]) / 100];
}

const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const gamma = (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const times = (m, v) => m.map((row) => row.reduce((sum, x, i) => sum + x * v[i], 0));

/** What is seen when `over` is painted on an opaque `under`, with `opacity` of its own beside that in the colour. */
export function blend(over, under, opacity = 1) {
	const a = over[3] * opacity;
	return [...[0, 1, 2].map((i) => over[i] * a + under[i] * (1 - a)), 1];
}

/**
 * Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009): the
 * matrices for the total loss of one kind of cone, which act on linear RGB.
 */
export const SIGHTS = {
	'all cones': [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
	protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
	deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
	tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
};

/** The colour as somebody with that sight sees it. */
export function seenBy(sight, colour) {
	return [...times(SIGHTS[sight], colour.slice(0, 3).map(linear)).map((v) => gamma(Math.min(Math.max(v, 0), 1))), 1];
}

/** Björn Ottosson's OKLab (2020). */
function oklab(colour) {
	const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
		[0.0883024619, 0.2817188376, 0.6299787005]], colour.slice(0, 3).map(linear));
	return times([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
		[0.0259040371, 0.7827717662, -0.8086757660]], cones.map(Math.cbrt));
}

/**
 * Distance in OKLab, times a hundred: about two is the least that is seen at all. Not CIEDE2000, which was fitted to
 * differences that can hardly be seen; here they are large, and OKLab is even over those.
 */
export function distance(a, b) {
	const x = oklab(a), y = oklab(b);
	return 100 * Math.hypot(...x.map((v, i) => v - y[i]));
}

/** WCAG 2's contrast of two opaque colours, from 1 to 21. */
export function contrast(a, b) {
	const [dark, light] = [a, b].map((c) => times([[0.2126, 0.7152, 0.0722]], c.slice(0, 3).map(linear))[0]).sort((x, y) => x - y);
	return (light + 0.05) / (dark + 0.05);
}
