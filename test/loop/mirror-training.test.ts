// A training in the mirror: what travels, and that a mirror that fails costs a line in the log and nothing else (SCHED-06).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import { mirroredState, mirroredTraining } from '../../src/loop/mirror-training.ts'
import type { TrainingRow } from '../../src/trading/journal.ts'
import type { MirroredTraining } from '../../src/trading/training-mirror.ts'
import { openWorld } from './ports.ts'

const world = await openWorld()
const { state, ports } = world

const row: TrainingRow = {
  trainingId: 'train-1',
  runId: null,
  symbol: 'SPX',
  asOf: 0,
  status: 'released',
  effectiveRows: 88.5,
  rows: 120,
  release: { releaseId: 'r-1', channel: 'stable', version: 3, manifestSha256: 'ab' },
  fault: null,
  report: JSON.stringify({
    verdict: 'pass',
    trials: 2,
    roles: { meta: { baseline: false, holdout: { logLoss: { value: 1.25 }, auc: { value: null } } } },
  }),
  number: null,
  durationMs: 400,
  curves: null,
}

test('a release travels with its figures, its names and its hashes', () => {
  assert.deepEqual(mirroredTraining(row, 1000), {
    trainingId: 'train-1',
    startedAt: 600,
    endedAt: 1000,
    status: 'released',
    params: { symbol: 'SPX', asOf: '1970-01-01T00:00:00.000Z', trials: '2' },
    metrics: { 'meta/logLoss': 1.25, rows: 120, effectiveRows: 88.5 },
    tags: {
      'ratchet.status': 'released',
      'ratchet.verdict': 'pass',
      'ratchet.release': 'r-1',
      'ratchet.manifest': 'ab',
    },
  } satisfies MirroredTraining)
})

test('a mirror that fails is told to the log once, rests, and the training is recorded all the same', async () => {
  const told: string[] = []
  const log = { ...ports.log, write: (_: string, event: string) => void told.push(event) }
  let now = 0
  let tried = 0
  const record = async (): Promise<void> => {
    tried++
    throw new Fault('MIRROR_FAILED', 'nobody answers')
  }
  const own = mirroredState(state, { record }, { clock: ports.clock, stopwatch: { now: () => now }, log })
  await own.journal.recordTraining(row)
  await own.journal.recordTraining({ ...row, trainingId: 'train-2' })
  now = 61_000
  await own.journal.recordTraining({ ...row, trainingId: 'train-3' })
  assert.equal(tried, 2)
  assert.deepEqual(told, ['training.mirror', 'training.mirror'])
  for (const name of ['train-1', 'train-2', 'train-3']) assert.equal(await state.journal.hasTraining(name), true)
})
