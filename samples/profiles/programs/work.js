'use strict';
// A small server's worth of work: application code, a dependency, JSON, a regular expression, garbage, waiting, a block.
const crypto = require('crypto');
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
function garbage() { const a = []; for (let i = 0; i < 20000; i++) a.push({ i, s: 'x' + i }); return a.length; }
function parse(text) { return JSON.parse(text).length; }
function match(s) { return /^(a+)+\d"\\$/.test(s); }
class Quoted { 'quo"ted'() { let t = 0; for (let i = 0; i < 3e6; i++) t += i % 7; return t; } }
const text = JSON.stringify(Array.from({ length: 20000 }, (_, i) => ({ i, name: 'n' + i })));
function block() { const end = Date.now() + 80; while (Date.now() < end); }
let left = 12;
function turn() {
  fib(24); garbage(); parse(text); match('aaaaaaaaaaaaaaaaaaa!'); new Quoted()['quo"ted']();
  if (left === 6) block();
  crypto.pbkdf2Sync('a', 'b', 8000, 32, 'sha256');
  if (--left) setTimeout(turn, 20);
  else if (globalThis.finish) globalThis.finish();
}
setTimeout(turn, 20);
