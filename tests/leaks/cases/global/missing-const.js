// @leak global|array: lastRows +450
// Sloppy mode, and `const` was forgotten: the list is a property of the global object.
const measure = require('./measure');

function query(round) {
  if (round === 0) lastRows = [];
  for (let i = 0; i < 150; i++) lastRows.push({ id: i, round, cells: [i, i + 1] });
  return lastRows.length;
}

measure(query);
