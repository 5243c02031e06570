import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { onnxRuntimeTraining } from '../../adapters/onnxruntime/training.ts'
import { seededRng } from '../../base/rng.ts'
import { compile, evaluate, forward } from '../../tensor/evaluate.ts'
import { interpreter } from '../../tensor/interpreter.ts'
import { dropoutMask } from '../../tensor/ops/dropout.ts'
import { cellStep } from './lstm-cell.ts'
import { CLASSES, type DirectionShape, directionProgram, initialDirection } from './lstm-direction-net.ts'

type Named = Readonly<Record<string, number[]>>

/** Recorded by fixtures/lstm.py. */
const reference = JSON.parse(readFileSync(new URL('fixtures/lstm.json', import.meta.url), 'utf8')) as {
  readonly shape: DirectionShape
  readonly weights: Named
  readonly gradients: Named
  readonly loss: number
} & Readonly<Record<'x' | 'hidden' | 'cell' | 'target' | 'logits' | 'lastFromZeros', number[]>>

const floats = (values: readonly number[]): Float64Array => Float64Array.from(values)
const allOf = (named: Named): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(named).map(([name, values]) => [name, floats(values)]))

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length)
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `element ${i}: ${actual[i]}, not ${expected[i]}`)
  }
}

test('the cell step by step says what torch says, from a state and from zeros', () => {
  const { shape, weights, x, hidden, cell, logits, lastFromZeros } = reference
  const { inputs, units, lookback } = shape
  const own = { ...allOf(weights), inputs, units } as unknown as Parameters<typeof cellStep>[0]
  const raw = new Float64Array(4 * units)
  const said = (state: Float64Array) =>
    Array.from({ length: CLASSES }, (_, k) =>
      state.reduce(
        (sum, value, unit) => sum + value * weights['dense']![unit * CLASSES + k]!,
        weights['denseBias']![k]!,
      ),
    )
  const zeros = Array<number>(units).fill(0)
  for (let row = 0; row < 2; row++) {
    const part = (values: readonly number[]) => floats(values.slice(row * units, (row + 1) * units))
    const given = [part(hidden), part(cell)] as const
    const fresh = [floats(zeros), floats(zeros)] as const
    for (let bar = 0; bar < lookback; bar++) {
      for (const [h, c] of [given, fresh]) cellStep(own, x, (row * lookback + bar) * inputs, h, c, raw)
      near(said(given[0]), logits.slice((row * lookback + bar) * CLASSES, (row * lookback + bar + 1) * CLASSES), 1e-12)
    }
    near(said(fresh[0]), lastFromZeros.slice(row * CLASSES, (row + 1) * CLASSES), 1e-12)
  }
})

/** One-hot rows of the classes. */
const hot = (classes: readonly number[]): Float64Array =>
  Float64Array.from({ length: classes.length * CLASSES }, (_, i) =>
    Number(classes[Math.floor(i / CLASSES)] === i % CLASSES),
  )

test('the loss and its gradients through twelve bars are those of torch', t => {
  const { shape, weights, x, hidden, cell, target, loss, gradients } = reference
  const graph = compile(directionProgram(shape, 2, 1).loss)
  const mask = new Float64Array(2 * shape.units).fill(1)
  const found = evaluate(graph, {
    ...allOf(weights),
    x: floats(x),
    hidden: floats(hidden),
    cell: floats(cell),
    y: hot(target),
    mask,
  })
  t.diagnostic(`loss ${found.value[0]}, torch ${loss}`)
  assert.ok(Math.abs(found.value[0]! - loss) <= 1e-12)
  for (const [name, wanted] of Object.entries(gradients)) near(found.gradients[name]!, wanted, 1e-12)
})

for (const memory of ['window', 'carried'] as const) {
  test(`gradients through time, with dropout and bars without a label, are those of differences: ${memory}`, () => {
    const shape: DirectionShape = { inputs: 2, units: 3, lookback: 8, memory }
    const rng = seededRng('differences')
    const normals = (count: number) => Float64Array.from({ length: count }, () => rng.normal())
    const weights = initialDirection(shape, rng)
    const bars = memory === 'window' ? 1 : 8
    const feeds = {
      ...weights,
      x: normals(3 * 8 * 2),
      y: hot(Array.from({ length: 3 * bars }, (_, i) => (i % 4 === 3 ? -1 : rng.int(3)))),
      mask: Float64Array.from(dropoutMask(rng, 3 * 3, 0.3)),
      hidden: normals(9),
      cell: normals(9),
    }
    const graph = compile(directionProgram(shape, 3, 1).loss)
    const { gradients } = structuredClone({ gradients: evaluate(graph, feeds).gradients })
    for (const [name, values] of Object.entries(weights)) {
      for (let i = 0; i < values.length; i++) {
        const kept = values[i]!
        const [above, below] = [1e-5, -1e-5].map(step => {
          values[i] = kept + step
          return forward(graph, feeds)[0]!
        })
        values[i] = kept
        const difference = (above! - below!) / 2e-5
        assert.ok(
          Math.abs(gradients[name]![i]! - difference) <= 1e-6 * Math.max(1, Math.abs(difference)),
          `${name} ${i}`,
        )
      }
    }
  })
}

for (const memory of ['window', 'carried'] as const) {
  test(`after ten steps the runtime's weights are the reference engine's within 1e-4: ${memory}`, async t => {
    const shape: DirectionShape = { inputs: 3, units: 6, lookback: 20, memory }
    const rng = seededRng('engines')
    const floats32 = (count: number, draw = () => rng.normal()) => Float32Array.from({ length: count }, draw)
    const bars = memory === 'window' ? 1 : 20
    const rows = {
      x: floats32(40 * 20 * 3),
      y: Float32Array.from(hot(Array.from({ length: 40 * bars }, () => rng.int(4) - 1))),
      ...(memory === 'carried' ? { hidden: floats32(40 * 6), cell: floats32(40 * 6) } : {}),
    }
    const order = Int32Array.from({ length: 80 }, (_, i) => i % 40)
    const epoch = { order, rate: 1e-2, perStep: { mask: dropoutMask(rng, 10 * 8 * 6, 0.2) } }
    const [ours, theirs] = await Promise.all(
      [interpreter(), onnxRuntimeTraining()].map(async engine => {
        const session = await engine.open(directionProgram(shape, 8, 1), initialDirection(shape, seededRng('start')))
        await session.load(rows)
        await session.epoch(epoch)
        const { parameters } = await session.save()
        await session.close()
        return parameters
      }),
    )
    let worst = 0
    for (const [name, values] of Object.entries(ours!)) {
      for (const [i, value] of values.entries()) worst = Math.max(worst, Math.abs(value - theirs![name]![i]!))
    }
    t.diagnostic(`largest difference ${worst.toExponential(1)}`)
    assert.ok(worst > 0 && worst <= 1e-4)
  })
}
