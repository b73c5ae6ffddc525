// @leak stream|listener: PassThrough|broadcast|pipes +36
'use strict';
// Each listener pipes from the one source and is never unpiped.
const { PassThrough } = require('node:stream');
const measure = require('./measure');

const broadcast = new PassThrough();
broadcast.setMaxListeners(0);
broadcast.pause();

function listen() {
  broadcast.pipe(new PassThrough().setMaxListeners(0));
}

measure(() => {
  for (let i = 0; i < 12; i++) listen();
});
