import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SCHEDULED } from '../feedback/worth.ts'
import { candidate, contextOf } from '../serving/fixtures/candidate.ts'
import type { PairedScores } from '../serving/gates/gate.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { CycleRecord } from './cycle-record.ts'
import { retrainingsOf, watchedScores, withRetrainings } from './replay-worth.ts'

const scores: PairedScores = {
  candidateLoss: Float64Array.of(0.5, 0.5),
  championLoss: Float64Array.of(0.7, 0.7),
  candidateR: Float64Array.of(1, 0),
  championR: Float64Array.of(1, 0),
  overlap: 1,
}

test('what the gate compares tells what a training was worth; without anybody in charge, or unasked, nothing does', async () => {
  const { release, set } = candidate()
  const champion = candidate({ version: 2 }).set
  const watched = () => watchedScores(() => contextOf({ release, set }, { score: () => scores }))
  const asked = watched()
  const context = await asked.ask(release, { ok: true, value: set }, champion)
  assert.equal(asked.worth(), null)
  context.score!(set, champion)
  assert.deepEqual(asked.worth(), { n: 2, lossGain: 0.7 - 0.5, rGain: 0, helped: true })
  const first = watched()
  ;(await first.ask(release, { ok: true, value: set }, undefined)).score!(set, undefined)
  assert.equal(first.worth(), null)
})

test('the report of a training holds its cause, its worth and the shares so far', () => {
  const worth = { n: 9, lossGain: 0.1, rGain: 0, helped: true }
  const cycle = (retraining?: { cause: typeof SCHEDULED; worth: typeof worth | null }) =>
    ({
      training: { number: 1, fault: null, effectiveRows: 1, release: null, ...(retraining && { retraining }) },
    }) as CycleRecord
  const all = retrainingsOf([cycle(), cycle({ cause: SCHEDULED, worth: null }), cycle({ cause: SCHEDULED, worth })])
  const { report } = withRetrainings({ report: '{"symbol":"SPX"}' } as TrainingRow, all)
  assert.deepEqual(JSON.parse(report), {
    symbol: 'SPX',
    retraining: {
      cause: { kind: 'schedule' },
      worth,
      shares: [{ model: 'set', trigger: 'schedule', trainings: 2, compared: 1, helped: 1, share: 1 }],
    },
  })
})
