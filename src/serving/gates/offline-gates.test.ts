// G1 to G8: what a candidate shows by itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../base/fault.ts'
import { type Answers, candidate, column, contextOf, FEATURES, graph, realRows } from '../fixtures/candidate.ts'
import { metric, roleEvaluation } from '../fixtures/evaluation.ts'
import { trust } from './g1-trust.ts'
import { structure } from './g2-structure.ts'
import { schema } from './g3-schema.ts'
import { shapes } from './g4-shapes.ts'
import { parity } from './g5-parity.ts'
import { sanity } from './g6-sanity.ts'
import { divergence } from './g7-divergence.ts'
import { finite } from './g8-finite.ts'
import { floor } from './g12-floor.ts'
import { GATE_LIMITS } from './limits.ts'

const sound = candidate()
const live = { audience: { profile: 'live', symbols: ['SPX'] } } as const

test('G1 passes a release for this bot', () => {
  assert.equal(trust.check(contextOf(sound)).result, 'pass')
})

test('G1 keeps a paper release and simulated data from a live bot', () => {
  assert.match(trust.check(contextOf(sound, { profile: 'live' })).reason ?? '', /paper release/)
  const simulated = candidate({ manifest: { ...live, provenance: 'simulated' } })
  assert.match(trust.check(contextOf(simulated, { profile: 'live' })).reason ?? '', /simulated/)
  assert.equal(trust.check(contextOf(candidate({ manifest: live }), { profile: 'live' })).result, 'pass')
})

test('G1 refuses another symbol, a missing role and a release that failed at its publisher', () => {
  assert.match(trust.check(contextOf(sound, { symbol: 'ES' })).reason ?? '', /not for ES/)
  const limits = { ...contextOf(sound).limits, roles: ['meta', 'execution'] }
  assert.match(trust.check(contextOf(sound, { limits })).reason ?? '', /roles/)
  const failed = candidate({ manifest: { gates: { ciBacktest: 'pass', driftScore: 0, verdict: 'fail' } } })
  assert.equal(trust.check(contextOf(failed)).result, 'fail')
})

test('G2 passes what compiled and names the code and file of what did not', () => {
  assert.equal(structure.check(contextOf(sound)).result, 'pass')
  const broken = refused('ONNX_CYCLE', 'node a feeds itself', { place: 'models/meta.onnx' })
  const result = structure.check(contextOf(sound, { candidate: broken }))
  assert.deepEqual([result.result, result.value], ['fail', 'ONNX_CYCLE'])
  assert.match(result.reason ?? '', /models\/meta\.onnx/)
})

test('G3 passes the same columns and lists what differs otherwise', () => {
  assert.equal(schema.check(contextOf(sound)).result, 'pass')
  const permuted = candidate({ features: { ...FEATURES, meta: [column('b'), column('a', { range: [0, 9] })] } })
  const result = schema.check(contextOf(permuted))
  assert.equal(result.result, 'fail')
  assert.match(result.reason ?? '', /meta: a moved from 0 to 1/)
  assert.match(result.reason ?? '', /meta: a has the range 0\.\.9, not -1\.\.1/)
  const other = candidate({ features: { ...FEATURES, execution: [column('c', { version: 2 })] } })
  const words = schema.check(contextOf(other)).reason ?? ''
  assert.match(words, /execution: a removed/)
  assert.match(words, /execution: c added/)
})

test('G3 refuses a features.json that is not the one the manifest names', () => {
  const lied = candidate({ manifest: { featureSchemaSha256: 'f'.repeat(64) } })
  assert.match(schema.check(contextOf(lied)).reason ?? '', /not the schema/)
})

test('G4 passes probabilities, a number and a bounded multiplier', () => {
  assert.deepEqual(shapes.check(contextOf(sound)), { gate: 'G4', value: 'exact', limit: 'exact', result: 'pass' })
})

const wrongAnswers: readonly (readonly [string, Answers, RegExp])[] = [
  ['meta', () => [0.5, 0.4, 0.2], /sum to 1\.1/],
  ['meta', () => [1.2, -0.1, -0.1], /negative/],
  ['execution', () => [Number.NaN], /gives NaN/],
  ['rl_sizer', row => [2.01 + row[0]!], /outside 0\.1\.\.2/],
]
for (const [role, answers, words] of wrongAnswers) {
  test(`G4 refuses ${role} where it ${words.source}`, () => {
    assert.match(shapes.check(contextOf(candidate({ answers: { [role]: answers } }))).reason ?? '', words)
  })
}

test('G4 refuses wrong names, widths and counts with the difference', () => {
  const cases = [
    [{ execution: graph(1, 1, 'other', () => [0]) }, /writes other, expected expected_r/],
    [{ execution: graph(2, 1, 'expected_r', () => [0]) }, /reads 2 columns, this bot has 1/],
    [{ rl_sizer: graph(2, 2, 'position_size', () => [1, 1]) }, /gives 2 values, expected 1/],
    [{ meta: graph(2, 2, 'probabilities', () => [0.5, 0.5]) }, /gives 2 values, expected 3/],
  ] as const
  for (const [graphs, words] of cases) {
    assert.match(shapes.check(contextOf(candidate({ graphs }))).reason ?? '', words)
  }
  const undeclared = candidate({ manifest: { graphSignatures: {} } })
  assert.match(shapes.check(contextOf(undeclared)).reason ?? '', /no graph signature/)
})

test('G5 passes the same answers and refuses ones that differ or flip a decision', () => {
  assert.deepEqual([parity.check(contextOf(sound)).result, parity.check(contextOf(sound)).value], ['pass', 0])
  const off = candidate({ golden: 'sound', answers: { execution: row => [0.3 * row[0]! + 1e-3] } })
  assert.match(parity.check(contextOf(off)).reason ?? '', /execution: \d+ of 64 values differ/)
  const near = candidate({ golden: 'sound', answers: { execution: row => [0.3 * row[0]! + 5e-6] } })
  assert.equal(parity.check(contextOf(near)).result, 'pass')
})

test('G5 refuses a flipped class where values may differ widely, and takes a tie for what it is', () => {
  const answers =
    (first: number): Answers =>
    () => [0.4 + first, 0.4, 0.2 - first]
  const swapped = (gap: number) => {
    const { release } = candidate({ answers: { meta: answers(gap) } })
    return contextOf({ release, set: candidate({ answers: { meta: answers(-gap) } }).set })
  }
  const loose = { ...contextOf(sound).limits, parityRelative: 1 }
  const flipped = parity.check({ ...swapped(0.01), limits: loose })
  assert.match(flipped.reason ?? '', /0 of 192 values differ, 64 decisions flip/)
  assert.equal(parity.check(swapped(1e-6)).result, 'pass')
})

test('G5 refuses the other sign and whatever is no number', () => {
  const limits = { ...contextOf(sound).limits, parityRelative: 3 }
  const negated = candidate({ golden: 'sound', answers: { execution: row => [-0.3 * row[0]!] } })
  assert.match(
    parity.check(contextOf(negated, { limits })).reason ?? '',
    /execution: 0 of 64 values differ, 64 decisions flip/,
  )
  const nan: Answers = row => [row[0]! > 0 ? Number.NaN : 0.3 * row[0]!]
  assert.equal(parity.check(contextOf(candidate({ golden: 'sound', answers: { execution: nan } }))).result, 'fail')
  assert.equal(parity.check(contextOf(candidate({ answers: { execution: nan } }))).result, 'fail')
})

test('G5 throws, which is an error, where golden vectors are missing, and refuses a certificate of other ones', () => {
  const without = new Map(sound.release.members)
  without.delete('golden/meta.json')
  assert.throws(() => parity.check(contextOf({ ...sound, release: { ...sound.release, members: without } })), {
    code: 'EVIDENCE_MISSING',
  })
  const swapped = new Map(sound.release.members)
  swapped.set('golden/meta.json', new Uint8Array([...swapped.get('golden/meta.json')!, 32]))
  const result = parity.check(contextOf({ ...sound, release: { ...sound.release, members: swapped } }))
  assert.match(result.reason ?? '', /other golden vectors/)
})

test('G6 passes with half real rows and is marked where only uniform ones were there', () => {
  const full = sanity.check(contextOf(sound, { recentRows: realRows(500) }))
  assert.deepEqual([full.result, full.paper], ['pass', undefined])
  const thin = sanity.check(contextOf(sound))
  assert.deepEqual([thin.result, thin.paper, thin.live], ['pass', true, 'fail'])
  assert.equal(sanity.check(contextOf(sound, { profile: 'live' })).result, 'fail')
})

test('G6 refuses a constant output and one class for nearly everything', () => {
  const constant = candidate({ answers: { execution: () => [0.2] } })
  assert.match(sanity.check(contextOf(constant)).reason ?? '', /one value/)
  const oneClass = candidate({ answers: { meta: row => [0.9 + 0.01 * row[0]!, 0.05, 0.05 - 0.01 * row[0]!] } })
  const result = sanity.check(contextOf(oneClass))
  assert.deepEqual([result.result, result.value], ['fail', 1])
})

test('G6 lets a graph that is marked as a baseline be constant', () => {
  const constant: Answers = () => [0.2]
  const one = candidate({ answers: { execution: constant }, baselineRoles: ['execution'] })
  assert.equal(sanity.check(contextOf(one)).result, 'pass')
  const all = candidate({ baselineRoles: ['meta', 'execution', 'rl_sizer'] })
  assert.equal(sanity.check(contextOf(all)).result, 'notApplicable')
})

test('G7 does not apply without a champion, passes a likeness and refuses a stranger', () => {
  assert.equal(divergence.check(contextOf(sound)).result, 'notApplicable')
  const twin = candidate({ version: 2 })
  assert.equal(divergence.check(contextOf(twin, { champion: sound.set, recentRows: realRows(500) })).result, 'pass')
  const stranger = candidate({ answers: { meta: row => (row[0]! > 0 ? [0.02, 0.02, 0.96] : [0.02, 0.96, 0.02]) } })
  const result = divergence.check(contextOf(stranger, { champion: sound.set }))
  assert.equal(result.result, 'fail')
  assert.match(result.reason ?? '', /meta answers unlike the champion/)
  const shifted = candidate({ answers: { execution: row => [0.3 * row[0]! + 5] } })
  assert.match(divergence.check(contextOf(shifted, { champion: sound.set })).reason ?? '', /execution answers unlike/)
})

test('G7 measures a stranger and lets a paper refresh of an aged champion pass, marked; live refuses it', () => {
  const stranger = candidate({ answers: { execution: row => [0.3 * row[0]! + 5] } })
  const aged = { champion: sound.set, refresh: true }
  const paper = divergence.check(contextOf(stranger, aged))
  assert.deepEqual([paper.result, paper.paper, paper.live], ['pass', true, 'fail'])
  assert.match(paper.reason ?? '', /past its age/)
  assert.equal(divergence.check(contextOf(stranger, { ...aged, profile: 'live' })).result, 'fail')
})

test('G7 compares classes by name and fails on figures that are no numbers', () => {
  const classes = ['None', 'reversion', 'momentum']
  const reordered = candidate({
    evaluation: { classes },
    answers: { meta: row => [...sound.set.roles.get('meta')!.run(row, 1)].reverse() },
  })
  const result = divergence.check(contextOf(reordered, { champion: sound.set }))
  assert.deepEqual([result.result, result.value], ['pass', 'TV 0.0000, KL 0.0000'])
  const broken = candidate({ answers: { meta: () => [Number.NaN, 0.5, 0.5] } })
  assert.equal(divergence.check(contextOf(broken, { champion: sound.set })).result, 'fail')
})

test('G7 leaves out roles in which either side is a stand-in', () => {
  const stranger = candidate({ answers: { execution: row => [0.3 * row[0]! + 5] }, baselineRoles: ['execution'] })
  assert.equal(divergence.check(contextOf(stranger, { champion: sound.set })).result, 'pass')
  const all = { ...sound.set, baselineRoles: new Set(['meta', 'execution', 'rl_sizer']) }
  assert.equal(divergence.check(contextOf(stranger, { champion: all })).result, 'notApplicable')
})

test('G8 finds one infinity in any of the places it looks', () => {
  assert.equal(finite.check(contextOf(sound)).result, 'pass')
  const spike = candidate({ answers: { execution: row => [row[0]! > 0.99 ? Number.POSITIVE_INFINITY : 0] } })
  assert.equal(finite.check(contextOf(spike)).result, 'fail')
  const replay = () => ({ maxDrawdown: Number.NaN, bars: 100 })
  assert.match(finite.check(contextOf(sound, { replay })).reason ?? '', /replay/)
  const column = Float64Array.of(1, Number.NaN)
  const score = () => ({ candidateLoss: column, championLoss: column, candidateR: column, championR: column })
  assert.match(finite.check(contextOf(sound, { score })).reason ?? '', /2|4 values of paired scores/)
})

test('G8 switched off by gates.failOnNanInfinity only warns in paper, and refuses in live as ever', () => {
  const limits = { ...GATE_LIMITS, failOnNanInfinity: false }
  const replay = () => ({ maxDrawdown: Number.NaN, bars: 100 })
  const of = (profile: 'paper' | 'live') => finite.check(contextOf(sound, { replay, profile, limits }))
  assert.deepEqual([of('paper').result, of('paper').paper, of('paper').live], ['pass', true, 'fail'])
  assert.equal(of('live').result, 'fail')
})

test('G12 warns in paper and refuses in live, and passes good figures', () => {
  const paper = floor.check(contextOf(sound))
  assert.deepEqual([paper.result, paper.paper, paper.live], ['pass', true, 'fail'])
  assert.match(paper.reason ?? '', /AUC 0\.5, floor 0\.62/)
  assert.equal(floor.check(contextOf(sound, { profile: 'live' })).result, 'fail')
  const holdout = { auc: metric(0.7), topDecileLift: metric(0.2), ece: metric(0.01) }
  const good = candidate({ evaluation: { roles: { meta: roleEvaluation({ holdout }) } } })
  assert.deepEqual(floor.check(contextOf(good, { profile: 'live' })), {
    gate: 'G12',
    value: 'above',
    limit: 'floors',
    result: 'pass',
  })
  const unknown = candidate({ evaluation: { roles: { meta: roleEvaluation({ holdout: { auc: metric(null) } }) } } })
  assert.match(floor.check(contextOf(unknown, { profile: 'live' })).reason ?? '', /AUC unknown/)
})
