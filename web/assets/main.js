'use strict';
/* Puts the page of a heap together once it is there. Whatever fails here leaves a page that can be read. */

/** The first place that names the object: a card, a path, a row. @param {string} id "@123" */
function showNode(id) {
	const has = matcher(id);
	const place = all('.card .id, tbody .id, .tree small').find((e) => has?.(e.textContent));
	for (const section of all('section'))
		if (section.chart && section.tree) {
			const node = columnOf(section.tree, 'node'), row = node?.id?.indexOf(Number(id.slice(1))) ?? -1;
			if (row >= 0 && node?.class?.[row]) {
				section.chart.select(row);
				if (!place)
					show(section.chart.root);
			}
		}
	if (place)
		show(place.closest('li, tr') ?? place);
	else
		say(`${id} is not in this report`);
}

function followHash() {
	const { search, node, id } = readHash(location.hash);
	if (search || report.input.value) {
		report.input.value = search;
		searchAll(search);
	}
	followPicture(hashParts(location.hash));
	if (node)
		showNode(node);
	const target = id && byId(id);
	const fold = target && target.querySelector(':scope > details');
	if (fold)
		fold.open = true;
}

/** @param {Map<string, Table>} tables */
function startSections(tables) {
	for (const [key, t] of tables) {
		const section = byId(key);
		if (!section)
			continue;
		if (t.kind === 'tree') {
			const chart = makeTree(section, t);
			section.tree = t;
			if (chart)
				report.charts.push(chart);
		} else {
			const grid = makeGrid(section, t);
			if (grid)
				report.grids.push(grid);
		}
	}
}

startPage([], () => {
	startCards();
	startSections(openData());
});
addEventListener('hashchange', followHash);
followHash();
