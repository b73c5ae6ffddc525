'use strict';
const { EventEmitter } = require('node:events');

const bus = new EventEmitter();
bus.setMaxListeners(0); // "the warning was annoying"

exports.onOrder = listener => bus.on('order', listener);
exports.announceOrder = orderId => bus.emit('order', orderId);
