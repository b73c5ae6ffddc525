// @leak stream|array|object|promise: ReadableStream|responses +75
'use strict';
// Web streams whose reader is never released and whose queue is never read.
const measure = require('./measure');

const responses = [];

function respond(name) {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(500));
    }
  });
  responses.push({ name, reader: body.getReader() });
}

measure(round => {
  for (let i = 0; i < 25; i++) respond(`r${round}.${i}`);
});
