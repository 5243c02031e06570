import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { climb, freedom } from './hmm.ts'
import { baumWelchRound } from './hmm-baum-welch.ts'
import { filterSequence } from './hmm-forward.ts'
import { emissionOf, type HmmParameters } from './hmm-parameters.ts'
import { likeliestPath, smoothed } from './hmm-smoothing.ts'
import { startingPoint } from './hmm-start.ts'

type Written = Record<'initial' | 'means' | 'covariances' | 'transition', unknown[]>
type Reference = {
  readonly model: Written
  readonly rows: number[]
  readonly logLikelihood: number
  readonly filtered: number[][]
  readonly smoothed: number[][]
}
type Short = Omit<Reference, 'rows'> & {
  readonly sequences: number[][]
  readonly path: number[]
  readonly afterOneRound: Written
}

/** Recorded by fixtures/hmm.py. */
const reference = JSON.parse(readFileSync(new URL('fixtures/hmm.json', import.meta.url), 'utf8')) as {
  readonly short: Short
  readonly long: Reference
  readonly hamilton: Reference
}

const flat = (values: unknown[]): Float64Array => Float64Array.from(values.flat(3) as number[])

function parametersOf(model: Written): HmmParameters {
  const means = flat(model.means)
  return {
    states: model.initial.length,
    width: means.length / model.initial.length,
    initial: flat(model.initial),
    transition: flat(model.transition),
    means,
    covariances: flat(model.covariances),
  }
}

function near(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  assert.equal(actual.length, expected.length)
  for (const [i, value] of actual.entries()) {
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `element ${i}: ${value}, not ${expected[i]}`)
  }
}

test('likelihood, filtered and smoothed chances and the best path are those of all paths enumerated', () => {
  const { short } = reference
  const emission = emissionOf(parametersOf(short.model))
  const rows = Float64Array.from(short.sequences[0]!)
  const found = filterSequence(emission, rows)
  assert.ok(Math.abs(found.logLikelihood - short.logLikelihood) <= 1e-10)
  near(found.filtered, flat(short.filtered), 1e-12)
  near(smoothed(emission, found), flat(short.smoothed), 1e-12)
  assert.deepEqual([...likeliestPath(emission, rows)], short.path)
})

test('one round of Baum and Welch is that of all paths enumerated', () => {
  const { short } = reference
  const { parameters } = baumWelchRound(
    parametersOf(short.model),
    short.sequences.map(rows => Float64Array.from(rows)),
    1e-6,
  )
  const expected = parametersOf(short.afterOneRound)
  for (const part of ['initial', 'transition', 'means', 'covariances'] as const)
    near(parameters[part], expected[part], 1e-10)
})

test('the likelihood of 300 rows is within 1e-6 of the reference', t => {
  const { model, rows, logLikelihood } = reference.long
  const found = filterSequence(emissionOf(parametersOf(model)), Float64Array.from(rows)).logLikelihood
  t.diagnostic(`${found}, reference ${logLikelihood}`)
  assert.ok(Math.abs(found - logLikelihood) <= 1e-6)
})

test('on one column the filter is that of the switching regression of statsmodels', t => {
  const { model, rows, ...expected } = reference.hamilton
  const emission = emissionOf(parametersOf(model))
  const found = filterSequence(emission, Float64Array.from(rows))
  t.diagnostic(`${found.logLikelihood}, reference ${expected.logLikelihood}`)
  assert.ok(Math.abs(found.logLikelihood - expected.logLikelihood) <= 1e-6)
  near(found.filtered, flat(expected.filtered), 1e-8)
  near(smoothed(emission, found), flat(expected.smoothed), 1e-8)
})

test('rows too far off for any density to be a number have chances and a likelihood all the same', () => {
  const emission = emissionOf(parametersOf(reference.short.model))
  const { filtered, logLikelihood } = filterSequence(emission, Float64Array.from([0, 0, 0, 1e6, -1e6, 1e6, 0, 0, 0]))
  assert.ok(Number.isFinite(logLikelihood) && logLikelihood < -1e9)
  assert.ok(filtered.every(Number.isFinite))
})

test('no round lowers the likelihood: on normal, heavy, rounded and repeated rows, from every start', () => {
  const rng = seededRng('odd rows')
  const draws: Record<string, () => number> = {
    normal: () => rng.normal(),
    heavy: () => rng.normal() / Math.max(0.05, Math.abs(rng.normal())),
    rounded: () => Math.round(rng.normal()),
    repeated: () => (rng.next() < 0.7 ? 0.5 : rng.normal()),
  }
  for (const [kind, draw] of Object.entries(draws)) {
    const rows = Float64Array.from({ length: 240 }, draw)
    for (let start = 0; start < 4; start++) {
      const from = startingPoint(rows, 2, 3, 1e-6, rng.fork(`${kind} ${start}`))
      const sequences = [rows.subarray(0, 80), rows.subarray(80, 82), rows.subarray(82)]
      const { history } = climb(from, sequences, { tolerance: 0, rounds: 60, floor: 1e-6 })
      for (const [round, value] of history.entries()) {
        const before = history[round - 1] ?? -Infinity
        assert.ok(value >= before - 1e-8, `${kind}, start ${start}, round ${round}: ${before} to ${value}`)
      }
    }
  }
})

test('no chance falls to nothing and no covariance below the floor', () => {
  const rows = Float64Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : 5))
  const { parameters } = climb(startingPoint(rows, 1, 2, 1e-6, seededRng(1)), [rows], {
    tolerance: 1e-4,
    rounds: 50,
    floor: 1e-6,
  })
  assert.ok(parameters.transition.every(chance => chance >= 1e-8))
  assert.ok(parameters.covariances.every(value => value >= 1e-6))
})

test('a model of K states and d columns has K^2 - 1 + K d (d + 3) / 2 free numbers', () => {
  assert.equal(freedom(5, 3), 24 + 5 * 9)
  assert.equal(freedom(1, 5), 20)
})
