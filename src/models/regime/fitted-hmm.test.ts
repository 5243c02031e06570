import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onnxRuntimeOracle } from '../../adapters/onnxruntime/oracle.ts'
import { unwrap } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { foreignOps } from '../../onnx/allow-list.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { validateModel } from '../../onnx/validate.ts'
import { assembleGraph } from '../graph.ts'
import type { Saved } from '../model.ts'
import { type FittedHmm, loadHmm, refinedRegime } from './fitted-hmm.ts'
import { fitHmm } from './hmm.ts'
import type { HmmColumn } from './hmm-names.ts'

const COLUMNS: readonly HmmColumn[] = ['volatility', 'volumeRatio', 'trendStrength']
const WIDTH = COLUMNS.length
/** Few starts and no least number of rows: the laws are the same and the tests short. */
const QUICK = { starts: 3, minRows: 100 }

type State = { readonly mean: readonly number[]; readonly deviation: readonly number[] }
const THREE: readonly State[] = [
  { mean: [0.8, 1, -1.2], deviation: [0.1, 0.2, 0.25] },
  { mean: [1, 1, 0.1], deviation: [0.12, 0.2, 0.2] },
  { mean: [1.8, 1.6, 1], deviation: [0.2, 0.3, 0.3] },
]

/** Sessions of a chain that stays in its state for about 20 rows. */
function simulated(seed: string, states = THREE, sessions = 8, length = 120) {
  const rng = seededRng(seed)
  const truth: number[] = []
  const sequences = Array.from({ length: sessions }, () => {
    let state = rng.int(states.length)
    return Float64Array.from(
      Array.from({ length }, () => {
        if (rng.next() < 0.05) state = rng.int(states.length)
        truth.push(state)
        const { mean, deviation } = states[state]!
        return mean.map((value, c) => value + deviation[c]! * rng.normal())
      }).flat(),
    )
  })
  return { sequences, truth }
}

function filtered(model: FittedHmm, sequences: readonly Float64Array[]) {
  let state = model.init()
  return sequences.flatMap((rows, session) =>
    Array.from({ length: rows.length / WIDTH }, (_, row) => {
      const values = [...rows.subarray(row * WIDTH, (row + 1) * WIDTH)]
      const { output, state: next } = model.step(state, { sequence: `session ${session}`, values })
      state = next
      return output
    }),
  )
}

/** Share of rows in the right state under the best renaming. */
function agreement(found: readonly number[], truth: readonly number[]): number {
  const shares = [0, 1, 2].map(state =>
    [0, 1, 2].map(other => found.filter((s, i) => s === state && truth[i] === other).length),
  )
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  return (
    Math.max(...orders.map(order => order.reduce((sum, other, state) => sum + shares[state]![other]!, 0))) /
    truth.length
  )
}

const chain = simulated('chain')
const fit = (seed = 1, sequences = chain.sequences, previous?: FittedHmm): FittedHmm =>
  fitHmm({ sequences, columns: COLUMNS, rng: seededRng(seed), options: QUICK, previous })
const model = fit()

test('of up to five states the criterion keeps the three of a simulated chain, and the filter finds 95 % of them', t => {
  assert.equal(model.names.length, 3)
  const fresh = simulated('other chain')
  const share = agreement(
    filtered(model, fresh.sequences).map(({ likeliest }) => likeliest),
    fresh.truth,
  )
  const hindsight = agreement(
    fresh.sequences.flatMap(rows => [...model.path(rows)]),
    fresh.truth,
  )
  t.diagnostic(
    `new rows: filtered ${(100 * share).toFixed(1)} %, best path ${(100 * hindsight).toFixed(1)} % of states`,
  )
  assert.ok(share >= 0.95 && hindsight >= 0.95)
})

test('states are named by their means and come by rising volatility', () => {
  assert.deepEqual(model.names, ['BEAR_TREND', 'CHOP', 'RISK_OFF'])
})

test('the filter at a row does not change when anything after it does', () => {
  const rng = seededRng('edits')
  const before = filtered(model, chain.sequences)
  for (let trial = 0; trial < 20; trial++) {
    const row = rng.int(chain.truth.length)
    let at = 0
    const edited = chain.sequences.map(rows =>
      rows.map(value => (at++ >= (row + 1) * WIDTH ? value + 3 * rng.normal() : value)),
    )
    assert.deepEqual(filtered(model, edited).slice(0, row + 1), before.slice(0, row + 1))
  }
})

test('step changes neither the state nor the row it is given, and a state kept as JSON goes on the same', () => {
  const input = Object.freeze({ sequence: 'a', values: Object.freeze([1, 1, 0]) })
  const first = model.step(Object.freeze(model.init()), input)
  const kept = JSON.parse(JSON.stringify(first.state)) as typeof first.state
  assert.deepEqual(model.step(kept, input), model.step(first.state, input))
})

test('a new session begins again from the initial chances', () => {
  const far = model.step(model.init(), { sequence: 'a', values: [1.8, 1.6, 1] })
  const input = { sequence: 'b', values: [1, 1, 0] }
  assert.deepEqual(model.step(far.state, input), model.step(model.init(), input))
  assert.notDeepEqual(model.step(far.state, { ...input, sequence: 'a' }), model.step(model.init(), input))
})

test('the same rows and seed give the same bytes, and so does the model saved and loaded', () => {
  const text = JSON.stringify(model.save())
  assert.equal(JSON.stringify(fit().save()), text)
  const loaded = loadHmm(JSON.parse(text) as Saved)
  assert.equal(JSON.stringify(loaded.save()), text)
  assert.deepEqual(filtered(loaded, chain.sequences), filtered(model, chain.sequences))
})

test('after a refit on other rows and from another seed names and places are the same', () => {
  const again = fit(7, simulated('a year later').sequences, model)
  assert.deepEqual(again.names, model.names)
  const drifted = THREE.map(({ mean, deviation }) => ({
    mean: mean.map((value, c) => value + 0.5 * deviation[c]!),
    deviation,
  }))
  // The bear's mean has left the level of its name, the state is the same.
  const moved = fit(8, simulated('drifted', drifted).sequences, model)
  assert.deepEqual(moved.names, model.names)
})

test('a state that the model before did not have is named by the rules and comes last', () => {
  const bull: State = { mean: [0.8, 1.1, 2.5], deviation: [0.1, 0.2, 0.25] }
  const grown = fit(1, simulated('grown', [bull, ...THREE]).sequences, model)
  assert.deepEqual(grown.names, [...model.names, 'BULL_TREND'])
  const shrunk = fit(1, simulated('shrunk', THREE.slice(1)).sequences, model)
  assert.deepEqual(shrunk.names, ['CHOP', 'RISK_OFF'])
})

test('only a state that the filter is sure of replaces what the rules call Normal', () => {
  const output = { probabilities: [0.7, 0.3], likeliest: 0, regime: 'BEAR_TREND', probability: 0.7 } as const
  assert.equal(refinedRegime('Normal', output), 'Trending')
  assert.equal(refinedRegime('Normal', { ...output, probability: 0.69 }), 'Normal')
  assert.equal(refinedRegime('HighVolatility', output), 'HighVolatility')
})

const oracle = onnxRuntimeOracle()
after(() => oracle.close())

test('the exported step, fed with what it gave, is the filter: in our evaluator and in the runtime', async t => {
  const states = model.names.length
  const graph = assembleGraph({
    name: 'regime',
    width: states + WIDTH,
    output: 'chances',
    parts: [model],
    metadata: {},
  })
  assert.deepEqual(foreignOps(graph), [])
  const bytes = encodeModel(graph)
  const evaluator = unwrap(compileModel(unwrap(validateModel(bytes))))
  const inputs: number[] = []
  let worst = 0
  for (const rows of chain.sequences.slice(0, 4)) {
    let predicted: readonly number[] = model.init().predicted
    let state = model.init()
    for (let at = 0; at < rows.length; at += WIDTH) {
      const values = [...rows.subarray(at, at + WIDTH)]
      inputs.push(...predicted, ...values)
      const given = evaluator.run(Float32Array.from([...predicted, ...values]), 1)
      predicted = [...given.subarray(states)]
      const step = model.step(state, { sequence: 'one', values })
      state = step.state
      for (const [k, chance] of step.output.probabilities.entries())
        worst = Math.max(worst, Math.abs(chance - given[k]!))
    }
  }
  const rows = Float32Array.from(inputs)
  const count = rows.length / (states + WIDTH)
  const theirs = await oracle.run(bytes, rows, count)
  const ours = evaluator.run(rows, count)
  const apart = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)
  t.diagnostic(
    `${count} steps: filter to graph ${worst.toExponential(1)}, ours to ${oracle.name} ${apart.toExponential(1)}`,
  )
  assert.ok(worst <= 1e-4 && apart <= 1e-5)
})

test('rows that nothing can be learnt from are refused by name', () => {
  const few = () => fitHmm({ sequences: chain.sequences, columns: COLUMNS, rng: seededRng(1) })
  assert.throws(few, { code: 'TOO_FEW_ROWS' })
  assert.throws(() => fit(1, [new Float64Array(600).fill(1)]), {
    code: 'DEGENERATE_INPUT',
    message: /volatility is the same/,
  })
  assert.throws(() => fit(1, [new Float64Array(600).fill(Number.NaN)]), { code: 'DEGENERATE_INPUT' })
})

test('a step that is no row of the model is refused, and so is a saved model that is none', () => {
  const step = (values: number[]) => () => model.step(model.init(), { sequence: 'a', values })
  assert.throws(step([1, 2]), { code: 'HMM_INPUT' })
  assert.throws(step([1, 2, Number.NaN]), { code: 'HMM_INPUT' })
  const foreign = () => model.step({ sequence: 'a', predicted: [1] }, { sequence: 'a', values: [1, 1, 0] })
  assert.throws(foreign, { code: 'MODEL_STATE_INVALID' })
  assert.throws(() => loadHmm({ kind: 'another' }), { code: 'MODEL_STATE_INVALID' })
  assert.throws(() => loadHmm({ ...model.save(), means: [1] }), { code: 'MODEL_STATE_INVALID' })
  const flat = Array<number>(model.names.length * WIDTH ** 2).fill(1)
  assert.throws(() => loadHmm({ ...model.save(), covariances: flat }), { code: 'MODEL_STATE_INVALID' })
})
