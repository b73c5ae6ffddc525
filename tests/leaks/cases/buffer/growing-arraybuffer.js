// @leak buffer|object: samples
'use strict';
// One recording that is never cut: each block makes a new buffer that holds all the earlier ones too.
const measure = require('./measure');

const recording = { samples: new Float32Array(0) };

function record(block) {
  const longer = new Float32Array(recording.samples.length + block.length);
  longer.set(recording.samples);
  longer.set(block, recording.samples.length);
  recording.samples = longer;
}

measure(round => {
  for (let i = 0; i < 5; i++) record(new Float32Array(4000).fill(round));
});
