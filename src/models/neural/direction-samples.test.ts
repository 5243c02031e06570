import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { assembleGraph } from '../graph.ts'
import { fitColumnScaling, scaledColumns, scalingGraph } from './column-scaling.ts'
import { type DirectionSequence, directionLabels } from './direction-labels.ts'
import { directionParts, labelCount, type SampleOptions } from './direction-samples.ts'

function sequence(closes: readonly number[], atr = 1): DirectionSequence {
  return {
    rows: new Float32Array(closes.length),
    closes: Float64Array.from(closes),
    atrs: new Float64Array(closes.length).fill(atr),
  }
}

const rising = (bars: number): DirectionSequence => sequence(Array.from({ length: bars }, (_, i) => i))

const options: SampleOptions = {
  lookback: 6,
  memory: 'window',
  horizon: 3,
  band: 0.25,
  validationShare: 0.2,
  calibrationShare: 0.2,
  maxSamples: 1000,
}

test('a label is the move over the horizon in ATRs, at its edge still sideways, and none without an ATR or an outcome', () => {
  const closes = [10, 10, 10.26, 9.74, 10.25, 9.75, 10]
  assert.deepEqual([...directionLabels(sequence(closes), 1, 0.25)], [1, 2, 0, 2, 0, 1, -1])
  assert.deepEqual([...directionLabels(sequence([10, 10.25]), 1, 0.25)], [1, -1])
  assert.deepEqual([...directionLabels(sequence([10, 11], Number.NaN), 1, 0.25)], [-1, -1])
  assert.deepEqual([...directionLabels(sequence([10, 11], 0), 1, 0.25)], [-1, -1])
})

test('no window begins before its session and no label ends after it', () => {
  const { train, validation, calibration } = directionParts([rising(20), rising(5), rising(20)], options)
  const all = [...train, ...validation, ...calibration]
  assert.ok(all.every(({ start, sequence: s }) => start >= 0 && s !== 1))
  assert.ok(all.every(({ start, sequence: s }) => start + 6 - 1 + 3 < [20, 5, 20][s]!))
  assert.ok(all.length > 0)
})

for (const memory of ['window', 'carried'] as const) {
  test(`every label's outcome is known before the next part begins: ${memory}`, () => {
    const parts = directionParts([rising(100)], { ...options, memory })
    const bars = (part: 'train' | 'validation' | 'calibration') =>
      parts[part].flatMap(({ start, labels }) =>
        Array.from(labels, (label, i) => (label < 0 ? -1 : start + i + (memory === 'window' ? 5 : 0))).filter(
          bar => bar >= 0,
        ),
      )
    assert.ok(Math.max(...bars('train')) + 3 < 60 && Math.min(...bars('validation')) >= 60)
    assert.ok(Math.max(...bars('validation')) + 3 < 80 && Math.min(...bars('calibration')) >= 80)
    assert.deepEqual(parts.trainBars, [60])
    if (memory === 'carried') assert.equal(labelCount(parts.train), 57)
  })
}

test('samples beyond the most are thinned out evenly', () => {
  const { train } = directionParts([rising(1000)], { ...options, maxSamples: 50 })
  assert.equal(train.length, 50)
  assert.ok(train[0]!.start < 20 && train.at(-1)!.start > 560)
})

test('columns are scaled by what is there; missing ones stand at the mean, a column that never moves at 0', () => {
  const rows = Float32Array.of(1, 7, Number.NaN, 7, 3, 7)
  const scaling = fitColumnScaling([rows], 2, 8)
  assert.deepEqual([...scaledColumns(rows, scaling)], [-1, 0, 0, 0, 1, 0])
  assert.deepEqual([...scaledColumns([1e30, 8], scaling)], [8, 0])
})

test('the graph scales as the code does, bit for bit', () => {
  const rng = seededRng('scaling')
  const rows = Float32Array.from({ length: 300 }, (_, i) =>
    i % 17 === 0 ? Number.NaN : i % 19 === 0 ? Infinity : 100 + 5 * rng.normal(),
  )
  const scaling = fitColumnScaling([rows.map(value => (value === Infinity ? 100 : value))], 3, 8)
  const part = { toGraph: (input: string, prefix: string) => scalingGraph(scaling, 2, input, prefix) }
  const graph = assembleGraph({ name: 'scale', width: 6, output: 'y', parts: [part], metadata: {} })
  assert.deepEqual(unwrap(compileModel(graph)).run(rows, 50), scaledColumns(rows, scaling))
})
