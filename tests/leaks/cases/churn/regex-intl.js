// @healthy
'use strict';
const measure = require('./measure');

const format = new Intl.NumberFormat('de', { style: 'currency', currency: 'EUR' });
const patterns = [/^(\w+)-(\d+)$/, /item (?<number>\d+)/, /[aeiou]{2,}/g];

measure(round => {
  const found = [];
  for (let i = 0; i < 300; i++) {
    for (const pattern of patterns) found.push(pattern.exec(`item ${i} queue-${round}`));
    new RegExp(`^${i % 30}x`).test('7x');
  }
  return format.format(found.filter(Boolean).length) + new Date(round).toLocaleDateString('en');
});
