import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluationOf, metric, roleEvaluation } from '../../serving/fixtures/evaluation.ts'
import type { TrainingInFull } from '../../trading/read-model.ts'
import { trainingShelf } from './training-told.ts'

const META = roleEvaluation({
  holdout: { logLoss: metric(1.2) },
  baselines: { majority: { logLoss: metric(1.3) } },
})

const training = (over: Partial<TrainingInFull>): TrainingInFull => ({
  trainingId: 't-1',
  runId: 'r',
  number: 1,
  symbol: 'S',
  asOf: 0,
  status: 'released',
  rows: 1,
  effectiveRows: 1,
  releaseId: 'r-1',
  digest: 'd',
  fault: null,
  report: JSON.stringify(evaluationOf({ roles: { meta: META } })),
  durationMs: 1,
  curves: null,
  ...over,
})

function shelfOver(trainings: readonly TrainingInFull[]) {
  const asked: string[] = []
  const shelf = trainingShelf({
    async training(trainingId) {
      asked.push(trainingId)
      return trainings.find(known => known.trainingId === trainingId)
    },
  })
  return { asked, shelf }
}

test('a report is read once for its headline', async () => {
  const released = training({})
  const { asked, shelf } = shelfOver([released])
  const told = await shelf.toldOf(released)
  assert.equal(told.reason, null)
  assert.deepEqual(
    told.headline.map(({ name, model, baseline, baselineName }) => [name, model.value, baseline?.value, baselineName]),
    [['logLoss', 1.2, 1.3, 'majority']],
  )
  assert.deepEqual(await shelf.toldOf(released), told)
  assert.deepEqual(asked, ['t-1'])
})

test('a training that is made anew and ends otherwise is read again', async () => {
  const failed = training({ status: 'failed', digest: null, fault: 'TRAIN_FLAT', report: '{"sentence":"too flat"}' })
  const trainings = [failed]
  const { asked, shelf } = shelfOver(trainings)
  assert.deepEqual(await shelf.toldOf(failed), { reason: 'TRAIN_FLAT: too flat', headline: [] })
  trainings[0] = training({})
  assert.equal((await shelf.toldOf(trainings[0])).reason, null)
  assert.deepEqual(asked, ['t-1', 't-1'])
})

test('a skipped training tells why', async () => {
  const skipped = training({ status: 'skipped', digest: null, report: '{"reason":"skipped: nothing new"}' })
  assert.deepEqual(await shelfOver([skipped]).shelf.toldOf(skipped), { reason: 'skipped: nothing new', headline: [] })
})
