// The house stands on floors: an import falls to a lower floor or stays in its room, and only the top floor knows adapters.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../src', import.meta.url))

/** Two rooms may be imported by the room beside them: `onnx` stands on `base`, and `app.ts` is put together from `entry`. */
const BESIDE: Readonly<Record<string, string>> = { onnx: 'base', 'app.ts': 'entry' }

const FLOORS: Readonly<Record<string, number>> = {
  'app.ts': 9,
  entry: 9,
  api: 8,
  cli: 8,
  agent: 7,
  loop: 6,
  training: 5,
  feedback: 5,
  access: 5,
  notify: 5,
  adapters: 5,
  trading: 4,
  serving: 4,
  models: 3,
  features: 3,
  data: 3,
  market: 2,
  report: 2,
  math: 2,
  release: 2,
  tensor: 2,
  jobs: 2,
  onnx: 1,
  base: 1,
}

type Import = { readonly from: string; readonly to: string }

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map(name => join(folder, name))

const isTest = (file: string) => /\.(test|checks)\.ts$/.test(file)

function importsOf(file: string, text = readFileSync(file, 'utf8')): Import[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"\n]*(?:\n[^'"]*?)??from\s*['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]/g,
  )
  return [...found].map(match => ({
    from: relative(source, file),
    to: relative(source, resolve(dirname(file), (match[1] ?? match[2])!)),
  }))
}

const room = (path: string): string => path.split('/')[0]!

/** Why an import may not stand, or undefined. */
function objection({ from, to }: Import): string | undefined {
  if (to.startsWith('..')) return `${from} imports ${to}, which is outside src`
  const here = FLOORS[room(from)]
  const there = FLOORS[room(to)]
  if (here === undefined || there === undefined) return `${from} or ${to} stands in no room of the house`
  if (room(to) === 'adapters' && room(from) !== 'adapters' && here !== 9) return `${from} imports the adapter ${to}`
  if (room(from) === room(to)) return undefined
  if (BESIDE[room(from)] === room(to)) return undefined
  return there < here ? undefined : `${from} (floor ${here}) imports ${to} (floor ${there})`
}

const files = filesOf(source).filter(file => !isTest(file))
const imports = files.flatMap(file => importsOf(file))

test('every import falls to a lower floor or stays in its room', () => {
  assert.ok(imports.length > 100, 'the imports are found')
  assert.deepEqual(
    imports.map(objection).filter(reason => reason !== undefined),
    [],
  )
})

test('an import that is made to rise is caught', () => {
  const rising = importsOf(join(source, 'market', 'bar.ts'), "import { train } from '../training/train.ts'\n")
  assert.match(objection(rising[0]!) ?? '', /floor 2.*floor 5/)
  const sideways = importsOf(
    join(source, 'trading', 'brain.ts'),
    "import {\n  modelSlot,\n} from '../serving/slot.ts'\n",
  )
  assert.match(objection(sideways[0]!) ?? '', /floor 4.*floor 4/)
  const adapter = importsOf(join(source, 'loop', 'run.ts'), "import { disk } from '../adapters/files/disk.ts'\n")
  assert.match(objection(adapter[0]!) ?? '', /imports the adapter/)
})

test('no file imports itself through others', () => {
  const graph = new Map<string, string[]>()
  for (const { from, to } of imports) graph.set(from, [...(graph.get(from) ?? []), to])
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (done.has(file) || path.includes(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  assert.deepEqual(circles, [])
})

test('files stay small: the median source file has at most 120 lines, none more than 400', () => {
  const lines = files
    .filter(file => !file.includes('/generated/'))
    .map(file => ({ file: relative(source, file), lines: readFileSync(file, 'utf8').split('\n').length }))
    .sort((a, b) => a.lines - b.lines)
  assert.ok(lines[Math.floor(lines.length / 2)]!.lines <= 120)
  assert.deepEqual(
    lines.filter(entry => entry.lines > 400),
    [],
  )
})
