// @leak module: plugin.js +24
'use strict';
// Deleting a file from require.cache and requiring it again leaves the old Module in the parent's `children`.
const measure = require('./measure');

let plugin = require('./plugin');

function reload() {
  delete require.cache[require.resolve('./plugin')];
  plugin = require('./plugin');
}

measure(round => {
  for (let i = 0; i < 8; i++) reload();
  return plugin.price('de', round);
});
