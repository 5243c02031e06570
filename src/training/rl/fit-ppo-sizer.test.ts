import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { fitPpoSizer, meanSession } from './fit-ppo-sizer.ts'
import type { SizerMarket } from './sizer-environment.ts'

/** Sessions of four trades whose mean R is `edge` where the first input is positive, and minus that where it is negative. */
function planted(edge: number, seed: number, sessions = 100): SizerMarket {
  const rng = seededRng(seed)
  const count = 4 * sessions
  const signs = Array.from({ length: count }, () => (rng.next() < 0.5 ? -1 : 1))
  const time = Float64Array.from({ length: count }, (_, i) => 10 * Math.floor(i / 4) + 2 * (i % 4))
  const session = Array.from(time, at => `${Math.floor(at / 10)}`)
  return {
    inputs: Float32Array.from(signs.flatMap(sign => [sign, 0, 0])),
    r: Float64Array.from(signs, sign => edge * sign + 0.5 * rng.normal()),
    slipR: new Float64Array(count).fill(0.05),
    time,
    labelEnd: time.map(at => at + 1),
    session,
    endSession: session,
    scale: rows => rows.slice(),
    kappa: 0.1,
    drawdownLimitR: 20,
  }
}

const QUICK = { hidden: [16], steps: 40_000, rate: 1e-3, cvar: undefined, environments: 8 }

test('where the better trades can be told, it sizes them up and the others down', () => {
  const market = planted(0.5, 1)
  const { sizer } = fitPpoSizer({ training: market, validation: planted(0.5, 2), rng: seededRng(3), options: QUICK })
  const [good, bad] = sizer.predict(Float32Array.of(1, 0, 0, -1, 0, 0), 2)
  assert.ok(good! > 1.5 && bad! < 0.5, `${good} ${bad}`)
  const newer = planted(0.5, 4)
  const sized = meanSession(newer, (states, count) => sizer.predict(states, count))
  assert.ok(sized > meanSession(newer, () => [1]) + 1)
})

test('equal trades and seed give equal weights and an equal checkpoint', () => {
  const fit = () =>
    fitPpoSizer({
      training: planted(0.3, 1),
      validation: planted(0.3, 2),
      rng: seededRng(3),
      options: { ...QUICK, steps: 4000 },
    })
  const [one, two] = [fit(), fit()]
  assert.deepEqual(one.sizer.save(), two.sizer.save())
  assert.deepEqual(one.checkpoint, two.checkpoint)
})

test('no trades are refused', () => {
  const [none, some] = [planted(0, 1, 0), planted(0, 1)]
  for (const [training, validation] of [
    [none, some],
    [some, none],
  ] as const) {
    assert.throws(() => fitPpoSizer({ training, validation, rng: seededRng(1) }), { code: 'TOO_FEW_ROWS' })
  }
})

test('weights that are not better by the least gain are not kept: then it is the untrained sizer, which sizes by 1', () => {
  const options = { ...QUICK, steps: 4000, leastGain: Number.POSITIVE_INFINITY }
  const { sizer, checkpoint } = fitPpoSizer({
    training: planted(0.5, 1),
    validation: planted(0.5, 2),
    rng: seededRng(3),
    options,
  })
  for (const size of sizer.predict(Float32Array.of(1, 0, 0, -1, 0, 0), 2))
    assert.ok(Math.abs(size - 1) < 0.02, `${size}`)
  assert.equal(checkpoint['iteration'], 0)
})

test('who watches sees the curve of the validation trades, and the fit is the same', () => {
  const points: string[] = []
  const fit = (watch?: (point: { readonly curve: string }) => void) =>
    fitPpoSizer({
      training: planted(0.3, 1),
      validation: planted(0.3, 2),
      rng: seededRng(3),
      options: { ...QUICK, steps: 6000 },
      watch,
    })
  const watched = fit(({ curve }) => points.push(curve))
  assert.ok(points.includes('validation') && points.includes('train'))
  assert.deepEqual(watched.sizer.save(), fit().sizer.save())
})
