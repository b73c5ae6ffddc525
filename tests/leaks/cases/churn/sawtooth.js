// @healthy
// @pair A C
'use strict';
// Work comes in batches of different size: the set of what is open is larger at the second snapshot than before or after.
const measure = require('./measure');

let open = [];

measure(round => {
  const size = [0, 1, 2].includes(round % 6) ? 1200 : 500;
  open = Array.from({ length: size }, (_, i) => ({ id: `${round}-${i}`, open: true, steps: [round, i] }));
});
