import { writeHeapSnapshot } from 'node:v8';
import { store, summary } from './store.mjs';

for (let batch = 0; batch < 5; batch++) store(batch, batch * 1000, 100);
writeHeapSnapshot('before.heapsnapshot');
for (let batch = 5; batch < 30; batch++) store(batch, batch * 1000, 100);
writeHeapSnapshot('after.heapsnapshot');
if (summary().join() !== '3000,30000,30000') throw new Error(summary().join());
