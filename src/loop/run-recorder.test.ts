import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import type { Bar } from '../market/bar.ts'
import type { Journal, JournalBatch, RunProgress } from '../trading/journal.ts'
import { type BarFacts, runRecorder } from './run-recorder.ts'

type Risk = readonly [state: BarFacts['riskState'], cause: string, warning: string]

const QUIET: Risk = ['ACTIVE', '', '']

/** What a run tells of its risk state, bar by bar. */
async function told(risks: readonly Risk[], past?: RunProgress) {
  const batches: JournalBatch[] = []
  const journal = {
    async record(_: string, batch: JournalBatch) {
      batches.push(batch)
      return undefined
    },
  } as unknown as Journal
  const recorder = runRecorder({ journal, runId: 'r', provenance: 'simulated', step: 1, clock: replayClock(0), past })
  for (const [index, [riskState, riskCause, riskWarning]] of risks.entries()) {
    const bar: Bar = { time: index, knownAt: index + 1, open: 1, high: 1, low: 1, close: 1, volume: 0 }
    const money = { equityMicros: 0, holdMicros: 0, previousMicros: null }
    recorder.endBar(bar, { ...money, position: 0, riskState, riskCause, riskWarning, releaseId: 'baseline' })
  }
  await recorder.flush(true)
  const events = batches.flatMap(batch => batch.events)
  return {
    topics: events.map(({ topic }) => topic),
    risks: events.filter(({ topic }) => topic === 'risk').map(({ at, body }) => ({ at, ...JSON.parse(body) })),
    progress: batches.at(-1)?.progress,
  }
}

test('a halt is told once, at its bar and before it, and so is its end', async () => {
  const halted: Risk = ['HALTED', 'DRAWDOWN', '']
  const { topics, risks } = await told([QUIET, halted, halted, QUIET, QUIET])
  assert.deepEqual(risks, [
    { at: 2, state: 'HALTED', cause: 'DRAWDOWN', bar: 1 },
    { at: 4, state: 'ACTIVE', cause: '', bar: 3 },
  ])
  assert.deepEqual(topics, ['bar', 'risk', 'bar', 'bar', 'risk', 'bar', 'bar'])
})

test('a halt of another cause is news, a warning is told when it comes and not when it goes', async () => {
  const warned: Risk = ['ACTIVE', '', 'DAILY_LOSS']
  const { risks } = await told([
    warned,
    warned,
    QUIET,
    ['REDUCING', 'DAILY_LOSS', 'DAILY_LOSS'],
    ['HALTED', 'DAILY_LOSS', 'DAILY_LOSS'],
    ['HALTED', 'DRAWDOWN', 'DAILY_LOSS'],
  ])
  const short = risks.map(({ state, cause, bar }) => `${bar} ${state} ${cause}`)
  assert.deepEqual(short, ['0 ACTIVE DAILY_LOSS', '3 REDUCING DAILY_LOSS', '4 HALTED DAILY_LOSS', '5 HALTED DRAWDOWN'])
})

test('a run that goes on inside a halt does not tell it again, and tells its end', async () => {
  const halted: Risk = ['HALTED', 'KILLED', '']
  const { progress } = await told([QUIET, halted, halted])
  const { risks } = await told([QUIET, halted, halted, halted, QUIET], progress)
  assert.deepEqual(risks, [{ at: 5, state: 'ACTIVE', cause: '', bar: 4 }])
})
