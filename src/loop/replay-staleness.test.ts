import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bar } from '../market/bar.ts'
import { candidate } from '../serving/fixtures/candidate.ts'
import { replayStaleness } from './replay-staleness.ts'

const bars = Array.from({ length: 200 }, (_, i): Bar => {
  return { time: i, knownAt: i + 1, open: 1, high: 1, low: 1, close: 1, volume: 0 }
})

function world() {
  let index = 0
  let set: ReturnType<typeof candidate>['set'] | undefined
  const stale = replayStaleness({ bars, everyBars: 10, index: () => index, inCharge: () => set })
  return {
    stale,
    at: (bar: number) => void (index = bar),
    /** A set whose data ended with a bar takes charge. */
    install: (bar: number) => {
      const made = candidate().set
      set = { ...made, windows: { ...made.windows, dataEnd: bars[bar]!.knownAt } }
    },
  }
}

test('fault 24: a model that nothing replaces is told of after two trainings, and enters nothing after six', () => {
  const { stale, at, install } = world()
  install(9)
  const seen: string[] = []
  for (let bar = 10; bar < 130; bar++) {
    at(bar)
    const text = stale.look()
    if (text !== undefined) seen.push(`${bar - 9} ${text.split(' (')[0]!}`)
    const reason = stale.blocked()
    assert.equal(reason?.code, bar - 9 >= 60 ? 'MODEL_STALE' : undefined)
    if (reason !== undefined) assert.deepEqual([reason.value, reason.limit], [bar - 9, bar - 9 >= 100 ? 100 : 60])
  }
  assert.deepEqual(seen, [
    '20 the model in charge gets old',
    '60 the model in charge is too old: nothing new is entered',
    '100 the model in charge is far too old: nothing is entered until another one takes charge',
  ])
  install(125)
  assert.equal(stale.blocked(), undefined)
  assert.match(stale.look() ?? '', /young enough again/)
})

test('the rule-based baseline does not age', () => {
  const { stale, at } = world()
  at(199)
  assert.deepEqual([stale.blocked(), stale.look()], [undefined, undefined])
})
