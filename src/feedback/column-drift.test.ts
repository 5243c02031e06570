import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Rng, seededRng } from '../base/rng.ts'
import { columnDrift, columnSignals } from './column-drift.ts'
import { DRIFT_LIMITS } from './drift-limits.ts'

/** A stationary series of unit variance in which neighbours resemble each other. */
function series(count: number, memory: number, rng: Rng): Float64Array {
  let value = rng.normal()
  return Float64Array.from({ length: count }, () => {
    value = memory * value + Math.sqrt(1 - memory * memory) * rng.normal()
    return value
  })
}

/** From noise to what moves over days, as the 17 columns do. */
const MEMORIES = [0, 0, 0, 0.3, 0.3, 0.5, 0.5, 0.7, 0.7, 0.8, 0.8, 0.9, 0.9, 0.95, 0.95, 0.97, 0.98]

const SESSION = 390

function sessionSignals(rng: Rng, shift: number, rows = SESSION) {
  const columns = MEMORIES.map((memory, i) => {
    const all = series(3000 + rows, memory, rng)
    const live = all.subarray(3000).map(value => value + (i === 0 ? shift : 0))
    return columnDrift({ column: `c${i}`, training: all.subarray(0, 3000), live })
  })
  return columnSignals(columns, rows, DRIFT_LIMITS)
}

test('in a hundred still sessions of 17 columns at most one is asked to be trained for', () => {
  const rng = seededRng(8).fork('still')
  const asked = Array.from({ length: 100 }, () => sessionSignals(rng, 0)).filter(signals =>
    signals.some(({ level }) => level === 'trigger'),
  ).length
  assert.ok(asked <= 1, `${asked} of 100`)
})

test('a column that moves by half a standard deviation is mostly seen within 200 bars, by a whole one it is trained for', () => {
  const rng = seededRng(8).fork('moved')
  const seen = { half: 0, whole: 0 }
  for (let session = 0; session < 25; session++) {
    if (sessionSignals(rng, 0.5, 200).some(({ column }) => column === 'c0')) seen.half++
    const whole = sessionSignals(rng, 1, 200).filter(({ column }) => column === 'c0')
    if (whole.some(({ level, detector }) => level === 'trigger' && detector === 'psi')) seen.whole++
  }
  assert.ok(seen.half >= 17, `${seen.half} of 25`)
  assert.equal(seen.whole, 25)
})

test('what stays for long proves less: the same PSI is an alarm of noise and none of a slow column', () => {
  const rng = seededRng(9)
  const noise = columnDrift({
    column: 'noise',
    training: series(3000, 0, rng),
    live: series(300, 0, rng).map(v => v + 1),
  })
  const slow = columnDrift({
    column: 'slow',
    training: series(3000, 0.995, rng),
    live: series(300, 0.995, rng).map(v => v + 1),
  })
  assert.ok(noise.psi > 0.3 && noise.p < 1e-6 && noise.effective > 200)
  assert.ok(slow.psi > 0.3 && slow.p > 0.05 && slow.effective < 10, JSON.stringify(slow))
})

test('few rows are not asked about, and a warning needs fewer than a trigger', () => {
  const far = { column: 'far', psi: 2, kl: 1, effective: 50, p: 0 }
  assert.deepEqual(columnSignals([far], 9, DRIFT_LIMITS), [])
  assert.deepEqual(
    columnSignals([far], 50, DRIFT_LIMITS).map(({ detector, level, limit }) => [detector, level, limit]),
    [
      ['psi', 'warn', 0.2],
      ['kl', 'warn', 0.1],
    ],
  )
  assert.deepEqual(
    columnSignals([far], 100, DRIFT_LIMITS).map(({ level, limit }) => [level, limit]),
    [
      ['trigger', 0.3],
      ['trigger', 0.2],
    ],
  )
})

test('a column that never moves does not alarm', () => {
  const still = new Float64Array(500).fill(7)
  const found = columnDrift({ column: 'still', training: still, live: still.subarray(0, 100) })
  assert.ok(found.psi < 0.01 && found.p > 0.5, JSON.stringify(found))
  assert.deepEqual(columnSignals([found], 100, DRIFT_LIMITS), [])
})
