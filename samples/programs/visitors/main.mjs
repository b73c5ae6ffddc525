import { writeHeapSnapshot } from 'node:v8';
import { sizes, visit } from './index.mjs';

for (let number = 0; number < 400; number++) visit(number);
writeHeapSnapshot('before.heapsnapshot');
for (let number = 400; number < 3400; number++) visit(number);
writeHeapSnapshot('after.heapsnapshot');
if (sizes().join() !== '3400,1700,24') throw new Error(sizes().join());
