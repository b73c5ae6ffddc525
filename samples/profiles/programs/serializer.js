'use strict';
// The same work recorded through v8.startCpuProfile(), whose serializer escapes no strings.
const v8 = require('v8'), fs = require('fs');
const handle = v8.startCpuProfile();
globalThis.finish = () => fs.writeFileSync('serializer.cpuprofile', handle.stop());
require('./work.js');
