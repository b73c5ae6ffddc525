'use strict'
// What the recordings of profiles show: arithmetic that recurses, text that is parsed, memory that is kept.
const crypto = require('crypto')

function fib (n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2)
}

function parse (rounds) {
  let n = 0
  for (let i = 0; i < rounds; i++) n += JSON.parse(JSON.stringify({ a: [1, 2, 3], text: 'x'.repeat(i % 50) })).a.length
  return n
}

const kept = []
function keep (n) {
  for (let i = 0; i < n; i++) kept.push(new Array(64).fill(i))
  if (kept.length > 2000) kept.length = 1000
}

function hash (text) {
  return crypto.createHash('sha256').update(text).digest('hex')
}

// Runs for so many milliseconds.
module.exports = function busy (ms) {
  const end = Date.now() + ms
  let sum = 0
  while (Date.now() < end) {
    sum += fib(18) + parse(200)
    keep(50)
    sum += hash('text of ' + sum).length + /^(a|b)+c$/.test('abababababac')
  }
  return sum
}

if (require.main === module) module.exports(Number(process.argv[2] || 500))
