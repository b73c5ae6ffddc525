// @healthy
'use strict';
const { setTimeout: sleep } = require('node:timers/promises');
const measure = require('./measure');

measure(() => sleep(3));
