// The laws of a training engine, whatever computes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { interpreter } from './interpreter.ts'
import { add, mul } from './ops/arithmetic.ts'
import { dropout, dropoutMask } from './ops/dropout.ts'
import { relu, square } from './ops/elementwise.ts'
import { gather } from './ops/gather.ts'
import { squaredLoss } from './ops/losses.ts'
import { linear } from './ops/matmul.ts'
import { mean } from './ops/reductions.ts'
import { adam, adamW, type Optimiser, rmsprop, sgd } from './optimiser.ts'
import { input, parameter } from './tensor.ts'
import type { Epoch, TrainingEngine, TrainingProgram, TrainingSession } from './training.ts'

const BATCH = 4
const ROWS = 21

const rng = seededRng('rows')
const x = Float32Array.from({ length: ROWS * 3 }, () => rng.normal())
const y = Float32Array.from({ length: ROWS }, (_, row) => x[row * 3]! - 0.5 * x[row * 3 + 2]! + 0.1 * rng.normal())

const initial: Readonly<Record<string, Float64Array>> = {
  w0: Float64Array.from({ length: 15 }, () => rng.normal()),
  b0: Float64Array.from({ length: 5 }, () => rng.normal()),
  w1: Float64Array.from({ length: 5 }, () => rng.normal()),
  b1: Float64Array.of(0.1),
}

/** A small net with a mask of its own in each step and a penalty that is fixed for a call. */
function programOf(optimiser: Optimiser): TrainingProgram {
  const hidden = relu(linear(input('x', [BATCH, 3]), parameter('w0', [3, 5]), parameter('b0', [5])))
  const weights = parameter('w1', [5, 1])
  const prediction = linear(dropout(hidden, input('mask', [BATCH, 5])), weights, parameter('b1', [1]))
  const error = squaredLoss(prediction, input('y', [BATCH, 1]))
  return {
    loss: add(error, mul(input('penalty', []), mean(square(weights)))),
    outputs: { error },
    rows: ['x', 'y'],
    perStep: ['mask'],
    optimiser,
    gradientNorm: 0.7,
  }
}

function epochOf(steps: number, seed: string): Epoch {
  const own = seededRng(seed)
  return {
    order: Int32Array.from({ length: steps * BATCH }, () => own.int(ROWS)),
    perStep: { mask: dropoutMask(own, steps * BATCH * 5, 0.2) },
    fixed: { penalty: Float64Array.of(0.3) },
    rate: Array.from({ length: steps }, (_, step) => 0.02 / (1 + step)),
  }
}

const OPTIMISERS: Readonly<Record<string, Optimiser>> = {
  sgd: sgd({ weightDecay: 0.01 }),
  'sgd with momentum': sgd({ momentum: 0.9 }),
  adam: adam(),
  adamW: adamW(),
  rmsprop: rmsprop(),
}

const near = (found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void => {
  assert.equal(found.length, expected.length, what)
  for (let i = 0; i < found.length; i++) {
    const error = Math.abs(found[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!))
    assert.ok(error <= 1e-4, `${what}[${i}]: ${found[i]}, not ${expected[i]}`)
  }
}

export function checkTrainingEngine(name: string, engine: TrainingEngine): void {
  const opened = async (optimiser: Optimiser = adam()): Promise<TrainingSession> => {
    const session = await engine.open(programOf(optimiser), initial)
    await session.load({ x, y })
    return session
  }
  const refusal = async (given: Partial<Epoch>, words: RegExp): Promise<void> => {
    const session = await opened()
    await assert.rejects(async () => session.epoch({ ...epochOf(2, 'wrong'), ...given }), {
      code: 'TRAINING_INPUT',
      message: words,
    })
    await session.close()
  }

  for (const [kind, optimiser] of Object.entries(OPTIMISERS)) {
    test(`${name}: ten steps of ${kind} are the reference's, values and parameters`, async () => {
      const reference = interpreter().open(programOf(optimiser), initial)
      reference.load({ x, y })
      const session = await opened(optimiser)
      const [expected, found] = [reference.epoch(epochOf(10, 'ten')), await session.epoch(epochOf(10, 'ten'))]
      assert.deepEqual(Object.keys(found), ['loss', 'error'])
      for (const told of ['loss', 'error']) near(found[told]!, expected[told]!, told)
      const { parameters } = await session.save()
      for (const [leaf, values] of Object.entries(reference.save().parameters)) near(parameters[leaf]!, values, leaf)
      await session.close()
    })
  }

  test(`${name}: equal runs give equal bits, in one call or in two`, async () => {
    const [once, parts] = [await opened(), await opened()]
    const whole = epochOf(6, 'parts')
    const first = await once.epoch(whole)
    const masks = whole.perStep!.mask!
    const rates = whole.rate as readonly number[]
    const told: number[] = []
    for (const [from, to] of [
      [0, 2],
      [2, 6],
    ] as const) {
      const part = await parts.epoch({
        ...whole,
        order: whole.order.slice(from * BATCH, to * BATCH),
        perStep: { mask: masks.slice(from * BATCH * 5, to * BATCH * 5) },
        rate: rates.slice(from, to),
      })
      told.push(...part.loss!)
    }
    assert.deepEqual([...first.loss!], told)
    assert.deepEqual(await once.save(), await parts.save())
    await once.close()
    await parts.close()
  })

  test(`${name}: measuring tells the values of the next step and changes nothing`, async () => {
    const session = await opened()
    await session.epoch(epochOf(3, 'before'))
    const before = await session.save()
    const { rate: _, ...steps } = epochOf(1, 'look')
    const measured = await session.measure(steps)
    assert.deepEqual(await session.save(), before)
    near(measured.loss!, (await session.epoch(epochOf(1, 'look'))).loss!, 'loss')
    await session.close()
  })

  test(`${name}: a restored state goes on bit for bit, in another session too`, async () => {
    const session = await opened()
    await session.epoch(epochOf(3, 'before'))
    const saved = await session.save()
    assert.equal(saved.steps, 3)
    const after = await session.epoch(epochOf(4, 'after'))
    const end = await session.save()
    const other = await opened()
    for (const again of [session, other]) {
      await again.restore(structuredClone(saved))
      assert.deepEqual(await again.epoch(epochOf(4, 'after')), after)
      assert.deepEqual(await again.save(), end)
      await again.close()
    }
  })

  test(`${name}: rows that are loaded later replace the earlier ones`, async () => {
    const [session, fresh] = [await opened(), await opened()]
    await session.load({ x: x.slice(0, 12), y: y.slice(0, 4) })
    const order = Int32Array.of(3, 0, 1, 2)
    const given = { ...epochOf(1, 'few'), order }
    assert.deepEqual(await session.epoch(given), await fresh.epoch(given))
    await assert.rejects(async () => session.epoch({ ...given, order: Int32Array.of(0, 1, 2, 4) }), {
      code: 'TRAINING_INPUT',
    })
    await session.close()
    await fresh.close()
  })

  test(`${name}: a run whose signal has aborted makes no step`, async () => {
    const session = await opened()
    const cancelled = { ...epochOf(2, 'cancelled'), signal: AbortSignal.abort() }
    await assert.rejects(async () => session.epoch(cancelled), { code: 'TRAINING_CANCELLED' })
    assert.equal((await session.save()).steps, 0)
    await session.close()
  })

  test(`${name}: a number that names no row of a table is a fault`, async () => {
    const row = gather(parameter('table', [3, 1]), input('code', [2]))
    const session = await engine.open(
      { loss: mean(row), rows: ['code'], optimiser: sgd() },
      { table: Float64Array.of(1, 2, 3) },
    )
    await session.load({ code: Float32Array.of(0, 3) })
    await assert.rejects(
      async () => session.epoch({ order: Int32Array.of(0, 1), rate: 0.1 }),
      error => error instanceof Fault && ['TENSOR_FEED', 'TRAINING_FAILED'].includes(error.code),
    )
    await session.close()
  })

  test(`${name}: what does not fit is refused with what was wanted`, async () => {
    await refusal({ order: new Int32Array(BATCH + 1) }, /order of 5 rows .* batches of 4/)
    await refusal({ order: new Int32Array(2 * BATCH).fill(ROWS) }, /no row 21, only 21/)
    await refusal({ rate: [0.1] }, /1 learning rates for 2 steps/)
    await refusal({ perStep: {} }, /mask wants 40 values, got none/)
    await refusal({ fixed: { penalty: Float64Array.of(1), other: Float64Array.of(1) } }, /no place for other/)
    const session = await engine.open(programOf(adam()), initial)
    await assert.rejects(async () => session.epoch(epochOf(1, 'none')), { code: 'TRAINING_INPUT', message: /no rows/ })
    await assert.rejects(async () => session.load({ x, y: y.slice(1) }), {
      code: 'TRAINING_INPUT',
      message: /y wants 21/,
    })
    await session.close()
    await assert.rejects(async () => engine.open(programOf(adam()), { ...initial, w0: Float64Array.of(1) }), {
      code: 'TRAINING_INPUT',
      message: /w0 wants 15 values, got 1/,
    })
  })
}
