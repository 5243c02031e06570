// One stretch of inputs in a process of its own: `node child.ts TARGETS NAME SEED FROM COUNT STATUS`. Before each input its number goes
// to STATUS, so that whoever watches knows where this process ended or hangs. Also the way to see one finding again: COUNT 1.

import { openSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { seededRng } from '../../src/base/rng.ts'
import type { FuzzTarget } from './target.ts'

const [modulePath, name, seed, from, count, status] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string?,
]
const { targets } = (await import(pathToFileURL(modulePath).href)) as { targets: Readonly<Record<string, FuzzTarget>> }
const target = targets[name]
if (target === undefined) throw new Error(`no target ${name} in ${modulePath}`)

const file = status === undefined ? undefined : openSync(status, 'r+')
const root = seededRng(seed).fork(name)
const number = Buffer.alloc(8)
let accepted = 0

/** Exit codes: 0 done, 3 a finding. A crash has one of its own. */
function found(index: number, cause: unknown): never {
  const kind = (cause as Error).name === 'Misread' ? 'accepted' : 'threw'
  process.stdout.write(JSON.stringify({ kind, index, detail: String((cause as Error).stack ?? cause).slice(0, 600) }))
  process.exit(3)
}

const first = Number(from)
for (let index = first; index < first + Number(count); index++) {
  if (file !== undefined) {
    number.writeDoubleLE(index)
    writeSync(file, number, 0, 8, 0)
  }
  const input = target(root.fork(String(index)))
  try {
    const answer = input.read()
    if (typeof answer === 'boolean' ? answer : await answer) accepted++
  } catch (cause) {
    found(index, cause)
  }
}
const { maxRSS } = process.resourceUsage()
process.stdout.write(JSON.stringify({ kind: 'done', accepted, maxRss: maxRSS * 1024 }))
