'use strict';
exports.list = Array.from({ length: 50 }, (_, n) => ({ name: 'handler' + n, run: () => n }));
