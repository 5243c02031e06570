import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { decodeModel } from '../../onnx/decode.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { assembleGraph, type Exportable } from '../graph.ts'
import { BRAIN_SIZES } from './categorical-policy.ts'
import { cvarPpo } from './cvar-ppo.ts'
import type { Environment } from './environment.ts'
import { fittedChoice, loadChoice } from './fitted-choice.ts'
import { fittedSizer } from './fitted-sizer.ts'
import { rlPresets } from './index.ts'

const WIDTH = 16
const ROWS = 400

/** Sixteen normal numbers, and a gain that is highest where the size is what the first of them says. */
function guessing(seed: string): Environment {
  const rng = seededRng(seed)
  let first = 0
  const draw = (state: Float32Array): void => {
    for (let i = 0; i < WIDTH; i++) state[i] = rng.normal()
    first = state[0]!
  }
  return {
    width: WIDTH,
    reset: draw,
    step(size, state) {
      const reward = -((size - 1 - 0.5 * Math.sign(first)) ** 2)
      draw(state)
      return { reward, ending: 'terminated' }
    },
    save: () => ({ kind: 'guessing' }),
    load: () => undefined,
  }
}

const rng = seededRng('rows')
const rows = Float32Array.from({ length: ROWS * WIDTH }, () => rng.normal())

function learnt(preset: string) {
  const { policy, options } = rlPresets[preset]!
  const made = { ...options, hidden: [16, 16], rate: 3e-3 }
  const environments = Array.from({ length: 8 }, (_, e) => guessing(`${e}`))
  const learner = cvarPpo({ policy: policy(), environments, rng: seededRng(preset), options: made })
  for (let i = 0; i < 25; i++) learner.iterate()
  return { learner, widths: [WIDTH, 16, 16, policy().outputs] }
}

const ran = (part: Exportable): Float32Array => {
  const graph = assembleGraph({ name: 'sizer', width: WIDTH, output: 'size', parts: [part], metadata: {} })
  return unwrap(compileModel(unwrap(decodeModel(encodeModel(graph))))).run(rows, ROWS)
}

test('a learnt choice of sizes says the same as its learner, its graph and its saved self', () => {
  const { learner, widths } = learnt('brain_sizer')
  const choice = fittedChoice(learner.weights(), widths, BRAIN_SIZES)
  const sizes = choice.predict(rows, ROWS)
  assert.ok(new Set(sizes).size > 1, 'it has learnt to tell states apart')
  assert.deepEqual(Array.from(sizes), Array.from(learner.act(rows, ROWS)))
  assert.deepEqual(ran(choice), sizes)
  assert.deepEqual(loadChoice(JSON.parse(JSON.stringify(choice.save()))).predict(rows, ROWS), sizes)
})

test("the mean of a learnt normal policy ships as the sizer's graph, equal to the learner within 1e-5", () => {
  const { learner, widths } = learnt('rl_position_sizer')
  const sizer = fittedSizer(learner.weights(), widths)
  const [sizes, graph] = [sizer.predict(rows, ROWS), ran(sizer)]
  for (const [row, size] of learner.act(rows, ROWS).entries()) {
    assert.ok(Math.abs(sizes[row]! - size) < 1e-5)
    assert.ok(Math.abs(graph[row]! - size) < 1e-5)
  }
  assert.ok(Math.max(...sizes) - Math.min(...sizes) > 0.3, 'it has learnt to tell states apart')
})

test('what is no saved choice is refused', () => {
  const { learner, widths } = learnt('brain_sizer')
  const saved = fittedChoice(learner.weights(), widths, BRAIN_SIZES).save()
  for (const change of [{ kind: 'sizer' }, { widths: [16] }, { sizes: [1] }, { weights: {} }]) {
    assert.throws(() => loadChoice({ ...saved, ...change }), { code: 'MODEL_STATE_INVALID' })
  }
})
