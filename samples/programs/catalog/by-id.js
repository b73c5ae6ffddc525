'use strict';

// LEAK, first half: emptying only this Map frees nothing, the timeline has every item as well.
const byId = new Map();

exports.add = item => byId.set(item.id, item);
exports.get = id => byId.get(id);
