'use strict';
const { setTimeout: sleep } = require('node:timers/promises');

class Job {
  constructor(id, input) {
    this.id = id;
    this.input = input;
    this.output = undefined;
  }
}

const running = new Map();
const recent = [];
let nextId = 1;

exports.submit = async function submit(input) {
  const job = new Job(`job-${nextId++}`, input);
  running.set(job.id, job);
  await sleep(1);
  job.output = { words: input.split(' '), length: input.length };
  running.delete(job.id);
  recent.push(job);
  if (recent.length > 50) recent.shift();
  return { id: job.id };
};

exports.recentResults = () => recent.map(job => job.output);
