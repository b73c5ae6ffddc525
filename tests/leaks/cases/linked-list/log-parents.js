// @leak linked-list: log +900
'use strict';
// A logger that chains its records in both directions; each also knows the logger.
const measure = require('./measure');

function createLogger(name) {
  const logger = { name, first: null, last: null };
  logger.write = message => {
    const record = { message, logger, before: logger.last, after: null };
    if (logger.last) logger.last.after = record;
    else logger.first = record;
    logger.last = record;
  };
  return logger;
}

const log = createLogger('billing');

measure(round => {
  for (let i = 0; i < 300; i++) log.write(`round ${round} item ${i}`);
});
