import assert from 'node:assert/strict'
import { test } from 'node:test'
import { meter, type Readings } from '../base/meter.ts'
import { baselineModels } from '../trading/baseline.ts'
import type { ModelsInCharge } from '../trading/models-in-charge.ts'
import type { RunReading } from './run-reading.ts'
import { timedModels } from './timed-models.ts'

function told() {
  let now = 0
  const batches: Readings<RunReading>[] = []
  const own = meter<RunReading>({ stopwatch: { now: () => now++ }, everyMs: 0 })
  own.on(readings => batches.push(readings))
  return { own, batches }
}

test('each answer is timed and stays what it was, with pins and releases', () => {
  const { own, batches } = told()
  const calls: string[] = []
  const [lease] = [
    timedModels(
      {
        lease: position => ({
          ...baselineModels(['EmaCross']).lease(),
          releaseId: 'release-1',
          expectedR: () => 0.4,
          pin: held => void calls.push(`pin ${held} for ${position}`),
          release: () => void calls.push('release'),
        }),
        unpin: position => void calls.push(`unpin ${position}`),
      } satisfies ModelsInCharge,
      own,
    ),
  ].map(models => {
    models.unpin?.('p')
    return models.lease('q')
  })
  const row = new Float32Array(17)
  assert.deepEqual([[...lease!.probabilities(row)], lease!.expectedR(row), lease!.size(row)], [[1, 0], 0.4, 1])
  lease!.pin?.('held')
  lease!.release()
  own.turn()
  assert.deepEqual(batches, [{ predictionSeconds: [0.001, 0.001, 0.001] }])
  assert.deepEqual(calls, ['unpin p', 'pin held for q', 'release'])
})

test('the rules of the baseline predict nothing', () => {
  const { own, batches } = told()
  const models = timedModels(baselineModels(['EmaCross']), own)
  models.lease().probabilities(new Float32Array(17))
  own.turn()
  assert.deepEqual(batches, [])
})
