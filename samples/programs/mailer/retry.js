'use strict';

// LEAK: a mail that failed for good stays here with all that its closure's context holds.
const pending = [];

exports.retryLater = message => {
  const attachment = Buffer.alloc(16384, message.id);
  const lines = message.text.split(' ');
  // Never called again, but it shares its context with `attempt`: the attachment lives as long as that.
  const describe = () => `${lines.length} words, ${attachment.length} bytes`;
  message.description = describe();
  pending.push(function attempt() {
    return message.to.endsWith('.example') ? undefined : message;
  });
};

exports.flush = () => pending.filter(attempt => attempt()).length;
