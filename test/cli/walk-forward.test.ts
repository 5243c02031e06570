// `backtest --walk-forward`: fitted fold by fold on what was known, told in a report that its own command makes again (BT-03, REP-03).

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Report } from '../../src/report/report.ts'
import { SAMPLE, type World, world } from './host.ts'

type Fold = {
  readonly number: number
  readonly rows: number | null
  readonly fault: string | null
  readonly returnPct: number
}
type Saved = { readonly json: string; readonly sha256: string }

const walk = [
  'backtest',
  '--bars',
  SAMPLE,
  '--symbol',
  'SPX',
  '--walk-forward',
  '--monte-carlo',
  '20',
  '--from',
  '2019-06-14',
]

async function made({ json }: World, words: readonly string[]) {
  const { code, value } = await json(...words)
  assert.equal(code, 0, JSON.stringify(value).slice(0, 300))
  return value as {
    readonly folds: readonly Fold[]
    readonly report?: Saved
    readonly bars: number
    readonly fingerprint: string
  }
}

test('folds are fitted one after the other, those without enough to learn from stand aside, and the report is made again by its command', async context => {
  const first = await world(context)
  const { folds, report } = await made(first, [...walk, '--to', '2019-12-20', '--html'])
  assert.deepEqual(
    folds.map(({ number }) => number),
    [1, 2, 3],
  )
  assert.ok(folds.some(({ rows }) => rows !== null && rows > 1000))
  assert.ok(folds.every(({ rows, fault }) => (rows === null) === (fault !== null)))
  const text = JSON.parse(readFileSync(report!.json, 'utf8')) as Report
  assert.equal(text.kind, 'walk-forward')
  assert.ok(text.sections.some(({ title }) => title === 'Fold by fold'))
  const command = text.sections.flatMap(({ blocks }) => blocks).find(block => block.kind === 'command')!.text
  const again = await made(await world(context), command.split(' ').slice(1))
  assert.equal(again.report!.sha256, report!.sha256)
})

test('no fold knows what comes after it: with prices from the third fold on changed, the first two are the same', async context => {
  const here = await world(context)
  const changed = join(here.directory, 'changed.csv')
  const lines = readFileSync(SAMPLE, 'utf8').split('\n')
  const doubled = lines.map(line => {
    const [date, ...numbers] = line.split(',')
    if (date === undefined || Number.isNaN(Date.parse(date)) || Date.parse(date) < Date.parse('2019-10-18')) return line
    return [date, ...numbers.map((number, at) => (at < 5 ? (Number(number) * 1.02).toFixed(2) : number))].join(',')
  })
  assert.notDeepEqual(doubled, lines)
  writeFileSync(changed, doubled.join('\n'))
  const one = await made(here, [...walk, '--to', '2019-10-18'])
  const other = await made(await world(context), [
    ...walk.map(word => (word === SAMPLE ? changed : word)),
    '--to',
    '2019-10-18',
  ])
  assert.deepEqual(other.folds, one.folds)
  assert.equal(other.fingerprint, one.fingerprint)
})

test('what makes no sense together is a usage error; a span without history is refused', async context => {
  const { run } = await world(context)
  assert.equal((await run(...walk, '--strategy', 'baseline')).code, 2)
  const early = await run(...walk.slice(0, -1), '2000-01-03', '--to', '2001-01-01')
  assert.equal(early.code, 1)
  assert.match(early.err, /WALK_TOO_SHORT/)
})
