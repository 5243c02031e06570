import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onnxRuntimeOracle } from '../../adapters/onnxruntime/oracle.ts'
import { onnxRuntimeTraining } from '../../adapters/onnxruntime/training.ts'
import { unwrap } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { calibrationError } from '../../math/calibration.ts'
import { foreignOps } from '../../onnx/allow-list.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { validateModel } from '../../onnx/validate.ts'
import { interpreter } from '../../tensor/interpreter.ts'
import type { TrainingEngine } from '../../tensor/training.ts'
import { assembleGraph, type Exportable } from '../graph.ts'
import type { Saved } from '../model.ts'
import { type DirectionSequence, directionLabels } from './direction-labels.ts'
import { type FittedLstmDirection, loadLstmDirection } from './fitted-lstm-direction.ts'
import { BRAIN_LSTM, fitLstmDirection, LSTM_DEFAULTS, type LstmDirectionOptions } from './lstm-direction.ts'

const COLUMNS = ['pulse', 'noise']
const [SESSIONS, BARS] = [30, 150]

/** The price drifts as the last pulse said, up to 40 bars ago: a bar by itself says nothing. */
function market(seed: string, sessions = SESSIONS): DirectionSequence[] {
  const rng = seededRng(seed)
  return Array.from({ length: sessions }, () => {
    let [drift, close, wait] = [0, 100, 0]
    const closes: number[] = []
    const rows: number[] = []
    for (let bar = 0; bar < BARS; bar++) {
      const isPulse = wait-- <= 0
      if (isPulse) {
        drift = rng.next() < 0.5 ? -1 : 1
        wait = 20 + rng.int(20)
      }
      rows.push(isPulse ? drift : 0, rng.next() < 0.02 ? Number.NaN : rng.normal())
      close += 0.12 * drift + 0.15 * rng.normal()
      closes.push(close)
    }
    return { rows: Float32Array.from(rows), closes: Float64Array.from(closes), atrs: new Float64Array(BARS).fill(1) }
  })
}

const engine = onnxRuntimeTraining()
const data = market('data')
const QUICK: Partial<LstmDirectionOptions> = { units: 10, rate: 1e-2, epochs: 12 }

const fit = (
  memory: 'window' | 'carried',
  changed: Partial<LstmDirectionOptions> = {},
  using: TrainingEngine = engine,
) => {
  const preset = memory === 'carried' ? BRAIN_LSTM : { ...LSTM_DEFAULTS, maxSamples: 1500 }
  return fitLstmDirection({
    sequences: data,
    columns: COLUMNS,
    engine: using,
    rng: seededRng(1),
    options: { ...preset, ...QUICK, ...changed },
  })
}

/** Probabilities at every bar of every session, one step a bar. */
function walked(model: FittedLstmDirection, sequences: readonly DirectionSequence[]) {
  return sequences.map(({ rows, closes }, session) => {
    let state = model.init()
    return Array.from(closes, (_, bar) => {
      const values = rows.subarray(bar * COLUMNS.length, (bar + 1) * COLUMNS.length)
      const { state: next, output } = model.step(state, { sequence: `session ${session}`, values })
      state = next
      return output
    })
  })
}

const carried = await fit('carried')
const windowed = await fit('window')
const fresh = market('fresh', 12)

for (const [name, model] of Object.entries({ carried, window: windowed })) {
  test(`memory ${name}: on new sessions the direction is found from pulses long past, and its chances come true`, t => {
    const [scores, hits]: [number[], number[]] = [[], []]
    const counts = [0, 0, 0]
    let right = 0
    for (const [session, outputs] of walked(model, fresh).entries()) {
      const labels = directionLabels(fresh[session]!, 10, 0.25)
      for (const [bar, { probabilities }] of outputs.entries()) {
        const label = labels[bar]!
        // A window of 60 was never asked about bars with fewer before them.
        if (label < 0 || bar < 60) continue
        counts[label]!++
        if (probabilities.indexOf(Math.max(...probabilities)) === label) right++
        scores.push(probabilities[2]!)
        hits.push(Number(label === 2))
      }
    }
    const total = scores.length
    const [share, most, error] = [right / total, Math.max(...counts) / total, calibrationError({ scores, hits })]
    t.diagnostic(
      `${total} bars: ${(100 * share).toFixed(1)} % right, the commonest class alone ${(100 * most).toFixed(1)} %; calibration error of Up ${error.toFixed(3)}; temperature ${model.temperature.toFixed(2)}`,
    )
    assert.ok(share > most + 0.15)
    assert.ok(error < 0.1)
  })
}

test('sixty steps from the first bar of a session are the window of those sixty bars', () => {
  const rows = fresh[0]!.rows.subarray(0, 60 * COLUMNS.length)
  const outputs = walked(carried, [{ ...fresh[0]!, rows, closes: fresh[0]!.closes.subarray(0, 60) }])[0]!
  for (const [k, chance] of carried.predict(rows, 1).entries()) {
    assert.ok(Math.abs(chance - outputs.at(-1)!.probabilities[k]!) < 1e-7)
  }
})

test('state never crosses a session gap, and daily bars never reset', () => {
  const input = { sequence: 'b', values: [1, 0] }
  const far = carried.step(carried.init(), { sequence: 'a', values: [-1, 2] })
  assert.deepEqual(carried.step(far.state, input), carried.step(carried.init(), input))
  assert.notDeepEqual(
    carried.step(far.state, { ...input, sequence: 'a' }).output,
    carried.step(far.state, input).output,
  )
})

test('step changes nothing it is given; its state kept as JSON goes on bit for bit, missing values or not', () => {
  const first = carried.step(Object.freeze(carried.init()), Object.freeze({ sequence: 'a', values: [Number.NaN, 1] }))
  assert.ok(first.output.probabilities.every(Number.isFinite))
  const kept = JSON.parse(JSON.stringify(first.state)) as typeof first.state
  assert.deepEqual(
    carried.step(kept, { sequence: 'a', values: [0, 0] }),
    carried.step(first.state, { sequence: 'a', values: [0, 0] }),
  )
})

test('the same bars and seed give the same bytes, and so does the model saved and loaded', async () => {
  const short = { epochs: 2, patience: 2 }
  for (const using of [engine, interpreter()]) {
    const few = { ...short, units: 3, minLabels: 50, maxSamples: 64 }
    for (const memory of ['carried', 'window'] as const) {
      const texts = [await fit(memory, few, using), await fit(memory, few, using)].map(model =>
        JSON.stringify(model.save()),
      )
      assert.equal(texts[1], texts[0])
    }
  }
  const text = JSON.stringify(carried.save())
  const loaded = loadLstmDirection(JSON.parse(text) as Saved)
  assert.equal(JSON.stringify(loaded.save()), text)
  assert.deepEqual(walked(loaded, fresh.slice(0, 1)), walked(carried, fresh.slice(0, 1)))
})

const oracle = onnxRuntimeOracle()
after(() => oracle.close())

/** Largest difference of our evaluator and the runtime on the rows, and what ours said. */
async function held(part: Exportable, width: number, rows: Float32Array) {
  const graph = assembleGraph({ name: 'direction', width, output: 'result', parts: [part], metadata: {} })
  assert.deepEqual(foreignOps(graph), [])
  assert.ok(graph.nodes.some(({ opType }) => opType === 'LSTM'))
  const bytes = encodeModel(graph)
  const count = rows.length / width
  const ours = unwrap(compileModel(unwrap(validateModel(bytes))))
    .run(rows, count)
    .slice()
  const theirs = await oracle.run(bytes, rows, count)
  return { ours, apart: ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0), count }
}

test('the exported window is the model: in our evaluator and in the runtime', async t => {
  const width = 60 * COLUMNS.length
  const windows = fresh.flatMap(({ rows }) =>
    Array.from({ length: 20 }, (_, i) => [...rows.subarray(i * 2 * COLUMNS.length, i * 2 * COLUMNS.length + width)]),
  )
  const rows = Float32Array.from(windows.flat())
  const { ours, apart, count } = await held(windowed, width, rows)
  const own = windowed.predict(rows, count)
  const worst = own.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0)
  t.diagnostic(
    `${count} windows: model to graph ${worst.toExponential(1)}, ours to ${oracle.name} ${apart.toExponential(1)}`,
  )
  assert.ok(worst <= 1e-4 && apart <= 1e-4)
})

test('the exported step, fed with what it gave, is the model over a session: in our evaluator and in the runtime', async t => {
  const { units } = carried.shape
  const width = COLUMNS.length + 2 * units
  const part = { toGraph: (input: string, prefix: string) => carried.toStepGraph(input, prefix) }
  const graph = assembleGraph({ name: 'direction', width, output: 'result', parts: [part], metadata: {} })
  const evaluator = unwrap(compileModel(graph))
  const outputs = walked(carried, fresh.slice(0, 1))[0]!
  const inputs: number[] = []
  let [state, worst]: [readonly number[], number] = [Array<number>(2 * units).fill(0), 0]
  for (const [bar, { probabilities }] of outputs.entries()) {
    const input = [...fresh[0]!.rows.subarray(bar * COLUMNS.length, (bar + 1) * COLUMNS.length), ...state]
    inputs.push(...input)
    const given = evaluator.run(Float32Array.from(input), 1)
    for (const [k, chance] of probabilities.entries()) worst = Math.max(worst, Math.abs(chance - given[k]!))
    state = [...given.subarray(3)]
  }
  const { apart, count } = await held(part, width, Float32Array.from(inputs))
  t.diagnostic(
    `${count} steps: model to graph ${worst.toExponential(1)}, ours to ${oracle.name} ${apart.toExponential(1)}`,
  )
  assert.ok(worst <= 1e-4 && apart <= 1e-4)
})

test('training ends after five epochs without a better validation loss', async () => {
  const epochs: number[] = []
  await fitLstmDirection({
    sequences: data,
    columns: COLUMNS,
    engine,
    rng: seededRng(1),
    options: { ...BRAIN_LSTM, units: 3, rate: 0 },
    watch: ({ curve, x }) => void (curve === 'validation' && epochs.push(x)),
  })
  assert.deepEqual(epochs, [1, 2, 3, 4, 5, 6])
})

test('a fit that is called off ends with a fault and no model', async () => {
  const signal = AbortSignal.abort()
  const called = fitLstmDirection({
    sequences: data,
    columns: COLUMNS,
    engine,
    rng: seededRng(1),
    options: BRAIN_LSTM,
    signal,
  })
  await assert.rejects(called, { code: 'TRAINING_CANCELLED' })
})

test('fitted on a graphics processor it says that the same fit comes out within a tolerance only', async () => {
  assert.equal(carried.reproducible, 'exact')
  const inner = interpreter()
  const elsewhere: TrainingEngine = {
    ...inner,
    open: (program, initial) => ({ ...inner.open(program, initial), device: 'cuda' }),
  }
  const options = { units: 2, epochs: 1, maxSamples: 64 }
  const model = await fit('carried', options, elsewhere)
  assert.equal(model.reproducible, 'tolerance')
  assert.equal(loadLstmDirection(model.save()).reproducible, 'tolerance')
  const { reproducible: _, ...older } = carried.save()
  assert.equal(loadLstmDirection({ ...older, kind: 'lstm_direction' }).reproducible, 'exact')
})

test('too few bars, another number of columns and a saved model that is none are refused by name', async () => {
  const few = fitLstmDirection({ sequences: data.slice(0, 1), columns: COLUMNS, engine, rng: seededRng(1) })
  await assert.rejects(few, { code: 'TOO_FEW_ROWS', message: /train part/ })
  assert.throws(() => carried.step(carried.init(), { sequence: 'a', values: [1] }), { code: 'LSTM_INPUT' })
  const foreign = () => carried.step({ sequence: 'a', hidden: [0], cell: [0] }, { sequence: 'a', values: [1, 0] })
  assert.throws(foreign, { code: 'MODEL_STATE_INVALID' })
  assert.throws(() => loadLstmDirection({ kind: 'another' }), { code: 'MODEL_STATE_INVALID' })
  assert.throws(() => loadLstmDirection({ ...carried.save(), units: 3 }), { code: 'MODEL_STATE_INVALID' })
})
