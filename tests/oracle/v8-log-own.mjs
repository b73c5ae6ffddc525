// node v8-log-own.mjs PREPROCESSED.json - ticks of each JavaScript function's own as `node --prof-process --preprocess`
// resolved them, of each state of the engine, and of all else together, as "own name": the golden
// tests/fixtures/profiles/node20.log.own.
import { readFileSync } from 'node:fs'

const states = { 1: '(garbage collector)', 2: '(parser)', 3: '(bytecode compiler)', 4: '(compiler)', 7: '(atomics wait)', 8: '(idle)', 9: '(logging)' }
const { code, functions, ticks } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

function nameOf (tick) {
  if (states[tick.vm]) return states[tick.vm]
  const entry = code[tick.s[0]]
  if (!entry || entry.type !== 'JS') return 'total of all else'
  const name = functions[entry.func].name
  const [, fn, line, column] = /^(.*?) \S+?:(\d+):(\d+)$/.exec(name) ?? [null, name]
  return fn || `(anonymous:L#${line}:C#${column})`
}

const own = {}
for (const tick of ticks) own[nameOf(tick)] = (own[nameOf(tick)] ?? 0) + 1
for (const name of Object.keys(own).sort()) console.log(own[name], name)
