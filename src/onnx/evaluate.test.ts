// Every operator that we evaluate, against ONNX Runtime on random rows with NaN, infinities and signed zeros among them.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onnxRuntimeOracle } from '../adapters/onnxruntime/oracle.ts'
import { unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { encodeModel } from './encode.ts'
import { compileModel } from './evaluate.ts'
import { CASES, type OpCase, WIDTH } from './fixtures/operator-cases.ts'
import { evaluatedOps } from './kernels/index.ts'
import type { OnnxModel } from './model.ts'

const COUNT = 64

const model = ({ nodes, constants = [], outputs = WIDTH, opset = 17 }: OpCase): OnnxModel => ({
  irVersion: 8,
  opset,
  mlOpset: 3,
  producer: 'test',
  name: 'case',
  nodes,
  inputs: [{ name: 'x', type: 'float', dims: ['batch', WIDTH] }],
  outputs: [{ name: 'y', type: 'float', dims: ['batch', outputs] }],
  initializers: constants,
  metadata: {},
})

const SPECIALS = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-40, 3e38, 0.5, 20, -20, 100, -100]

function rowsOf(kind: 'any' | 'finite', seed: string): Float32Array {
  const rng = seededRng(seed)
  return Float32Array.from({ length: COUNT * WIDTH }, () =>
    kind === 'any' && rng.int(3) === 0 ? SPECIALS[rng.int(SPECIALS.length)]! : rng.normal() * 2,
  )
}

const oracle = onnxRuntimeOracle()
after(() => oracle.close())

for (const [index, entry] of CASES.entries()) {
  test(`${entry.op} gives what the runtime gives${entry.title === undefined ? '' : `: ${entry.title}`}`, async () => {
    const built = model(entry)
    const rows = rowsOf(entry.rows ?? 'any', `rows ${index}`)
    const expected = await oracle.run(encodeModel(built), rows, COUNT)
    const compiled = unwrap(compileModel(built))
    const actual = compiled.run(rows, COUNT)
    assert.equal(actual.length, expected.length)
    for (const [at, wanted] of expected.entries()) {
      const got = actual[at]!
      const tolerance = (entry.tolerance ?? 1e-6) * Math.max(1, Math.abs(wanted))
      const fits = Object.is(got, wanted) || got === wanted || Math.abs(got - wanted) <= tolerance
      const row = Math.floor(at / compiled.outputs)
      assert.ok(
        fits,
        `element ${at}: ${got} instead of ${wanted} for row ${rows.slice(row * WIDTH, (row + 1) * WIDTH).join(' ')}`,
      )
    }
    const one = compiled.run(rows.slice(0, WIDTH), 1)
    assert.deepEqual(one, actual.slice(0, compiled.outputs), 'one row gives what the batch gives')
  })
}

test('every operator that is evaluated has a case', () => {
  const trees = ['TreeEnsembleClassifier', 'TreeEnsembleRegressor']
  const covered = new Set([...CASES.map(({ op }) => op), ...trees])
  assert.deepEqual(
    evaluatedOps().filter(op => !covered.has(op)),
    [],
  )
})
