'use strict';
/* Puts the page of a heap together once it is there. Whatever fails here leaves a page that can be read. */

/** The first place that names the object: a card, a row, a path, also of rows that are not shown. @param {string} id "@123" */
function showNode(id) {
	const has = matcher(id);
	const place = all('.card .id, tbody .id, .tree small').find((e) => has?.(e.textContent)) ??
		report.grids.map((g) => findRow(g, id)).find((tr) => tr);
	for (const section of all('section'))
		if (section.chart && section.tree) {
			const node = columnOf(section.tree, 'node'), row = node?.id?.findIndex((v) => `@${v}` === id) ?? -1;
			if (row >= 0 && node?.class?.[row]) {
				section.chart.select(row);
				if (!place)
					show(section.chart.root);
			}
		}
	if (place)
		show(place.closest('li, tr') ?? place, place);
	else
		say(`${id} is not in this report`);
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
	startSections(openData());
});
followAddress((parts) => {
	const node = nodeOf(parts);
	followPicture(parts);
	if (node)
		showNode(node);
});
