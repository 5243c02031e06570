// G9 and G10: what the candidate shows against the set in charge, and the report over all gates.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { mean } from '../../math/statistics.ts'
import { candidate, contextOf, realRows } from '../fixtures/candidate.ts'
import { metric, roleEvaluation } from '../fixtures/evaluation.ts'
import type { ModelSet } from '../model-set.ts'
import { replay } from './g9-replay.ts'
import { improvement } from './g10-improvement.ts'
import type { PairedScores } from './gate.ts'
import { GATES } from './index.ts'
import { runGates } from './run.ts'

const sound = candidate()
const champion = candidate({ version: 2 }).set

/** The candidate falls by `own`, everything else by `reference`. */
const falls = (own: number, reference: number, bars = 5_000) => ({
  replay: (set: ModelSet | undefined) => ({ maxDrawdown: set === sound.set ? own : reference, bars }),
})

test('G9 allows twice the fall of the champion, and half a percent of equity in any case', () => {
  assert.equal(replay.check(contextOf(sound, { champion, ...falls(0.19, 0.1) })).result, 'pass')
  assert.match(replay.check(contextOf(sound, { champion, ...falls(0.21, 0.1) })).reason ?? '', /the champion/)
  assert.equal(replay.check(contextOf(sound, { champion, ...falls(0.004, 0.0001) })).result, 'pass')
})

test('G9 holds a first model against the rule-based baseline', () => {
  assert.match(replay.check(contextOf(sound, falls(0.3, 0.1))).reason ?? '', /rule-based baseline/)
})

test('G9 needs 5,000 bars in live, uses what there is in paper and does not apply below 60', () => {
  const of = (bars: number, profile: 'live' | 'paper') =>
    replay.check(contextOf(sound, { profile, ...falls(0.1, 0.1, bars) }))
  assert.equal(of(5_000, 'live').result, 'pass')
  assert.equal(of(4_999, 'live').result, 'fail')
  assert.deepEqual([of(60, 'paper').result, of(60, 'paper').paper], ['pass', true])
  assert.deepEqual([of(59, 'paper').result, of(59, 'paper').paper], ['notApplicable', true])
  assert.equal(of(5_000, 'paper').paper, undefined)
})

test('G9 without bars fails in live and is skipped, marked, in paper; a fall that is no number fails', () => {
  assert.equal(replay.check(contextOf(sound, { profile: 'live' })).result, 'fail')
  assert.deepEqual(
    [replay.check(contextOf(sound)).result, replay.check(contextOf(sound)).paper],
    ['notApplicable', true],
  )
  assert.equal(replay.check(contextOf(sound, falls(Number.NaN, 0.1))).result, 'fail')
  assert.equal(replay.check(contextOf(sound, falls(0.1, Number.NaN))).result, 'fail')
})

/** Paired columns with a known mean difference in loss and in R. */
function scores(n: number, lossGap: number, rGap: number): PairedScores {
  const rng = seededRng(`${n}`)
  const draw = (center: number, spread: number) =>
    Float64Array.from({ length: n }, () => center + spread * rng.normal())
  const championLoss = draw(0.7, 0.05)
  const championR = draw(0.1, 1)
  const drawn = draw(0, 0.02)
  const center = mean(drawn)
  // Centred, so that no gap means no gap at all.
  const noise = drawn.map(value => value - center)
  return {
    championLoss,
    candidateLoss: championLoss.map((loss, i) => loss + lossGap + noise[i]!),
    championR,
    candidateR: championR.map((r, i) => r + rGap + noise[i]!),
  }
}
const scored = (n: number, lossGap: number, rGap: number) => ({ score: () => scores(n, lossGap, rGap) })

test('G10 in paper accepts an equal and refuses a surely worse one, by loss or by R', () => {
  const of = (lossGap: number, rGap: number) =>
    improvement.check(contextOf(sound, { champion, ...scored(200, lossGap, rGap) }))
  assert.equal(of(0, 0).result, 'pass')
  assert.match(of(0.05, 0).reason ?? '', /predicts worse than the set in charge on 200 decisions/)
  assert.match(of(0, -0.05).reason ?? '', /earns less/)
  assert.equal(of(-0.05, 0.05).result, 'pass')
})

test('G10 in paper says what live would have decided', () => {
  const few = improvement.check(contextOf(sound, { champion, ...scored(200, -0.1, 0.1) }))
  assert.deepEqual([few.result, few.paper, few.live], ['pass', true, 'fail'])
  assert.match(few.reason ?? '', /live would refuse: 200 decisions of 500/)
  const many = improvement.check(contextOf(sound, { champion, ...scored(600, -0.1, 0.1) }))
  assert.deepEqual([many.result, many.live], ['pass', 'pass'])
})

test('G10 in paper judges nothing on fewer than 20 decisions or none', () => {
  const of = (n: number) => improvement.check(contextOf(sound, { champion, ...scored(n, 1, -1) }))
  assert.deepEqual([of(19).result, of(20).result], ['notApplicable', 'fail'])
  assert.equal(of(0).result, 'notApplicable')
  assert.equal(improvement.check(contextOf(sound)).result, 'notApplicable')
})

test('G10 in live wants 500 decisions and a sure improvement, corrected for the trials made', () => {
  const of = (n: number, lossGap: number, rGap: number, trials = 1) => {
    const made = candidate({ evaluation: { trials } })
    return improvement.check(contextOf(made, { champion, profile: 'live', ...scored(n, lossGap, rGap) }))
  }
  assert.equal(of(499, -0.1, 0.1).result, 'fail')
  assert.equal(of(500, -0.1, 0.1).result, 'pass')
  assert.equal(of(500, 0, 0).result, 'fail')
  assert.equal(of(500, -0.02, 0).result, 'fail')
  // Sharpe alone may carry it, but not while the loss is more than 5 % worse.
  assert.equal(of(500, 0, 0.1).result, 'pass')
  assert.equal(of(500, 0.1, 0.1).result, 'fail')
  // 1,000 resamples cannot show p below 0.05 / 100.
  assert.equal(of(500, -0.1, 0.1, 100).result, 'fail')
  assert.equal(improvement.check(contextOf(sound, { profile: 'live' })).result, 'fail')
})

test('G10 in live lets a refresh replace its champion when it is surely no worse than 1 % of loss and 0.05 of Sharpe', () => {
  const of = (n: number, lossGap: number, rGap: number, over: object = { refresh: true }) =>
    improvement.check(contextOf(sound, { champion, profile: 'live', ...scored(n, lossGap, rGap), ...over }))
  assert.equal(of(500, 0, 0).result, 'pass')
  assert.equal(of(499, 0, 0).result, 'fail')
  // Champion's loss 0.7: 0.002 more is within the margin, 0.0069 not surely, 0.02 is worse.
  assert.deepEqual(
    [of(500, 0.002, 0).result, of(500, 0.0069, 0).result, of(500, 0.02, 0).result],
    ['pass', 'fail', 'fail'],
  )
  assert.deepEqual([of(500, 0, -0.03).result, of(500, 0, -0.07).result], ['pass', 'fail'])
  assert.match(of(500, 0, -0.07).reason ?? '', /not surely within 1 % of the loss and 0\.05 of Sharpe/)
  // An equal that is no refresh has to be better.
  assert.equal(of(500, 0, 0, {}).result, 'fail')
  const paper = improvement.check(contextOf(sound, { champion, refresh: true, ...scored(500, 0, 0) }))
  assert.deepEqual([paper.result, paper.live], ['pass', 'pass'])
})

test('G10 refuses columns of different length as a bug of whoever scored', () => {
  const score = () => ({ ...scores(50, 0, 0), candidateR: new Float64Array(49) })
  assert.throws(() => improvement.check(contextOf(sound, { score })), /50, 50, 49 and 50 rows/)
})

const evidence = { champion, recentRows: realRows(500), ...falls(0.1, 0.1), ...scored(200, 0, 0) }

test('a sound candidate passes every gate and the report says so', () => {
  const { report } = runGates(contextOf(sound, evidence))
  assert.deepEqual([report.verdict, report.decidedBy, report.notRun], ['pass', null, []])
  assert.deepEqual(
    report.results.filter(({ result }) => result === 'pass').map(({ gate }) => gate),
    ['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'G7', 'G9', 'G10', 'G8', 'G12'],
  )
})

test('a live bot refuses even the best candidate while latency and multiplicity are not measured', () => {
  const holdout = { auc: metric(0.7) }
  const made = candidate({
    manifest: { audience: { profile: 'live', symbols: ['SPX'] } },
    evaluation: { roles: { meta: roleEvaluation({ holdout }) } },
  })
  const best = { ...evidence, profile: 'live', ...scored(500, -0.1, 0.1) } as const
  const { report } = runGates(contextOf(made, best))
  assert.deepEqual(
    report.results.filter(({ result }) => result !== 'pass').map(({ gate, result }) => `${gate} ${result}`),
    ['G11 fail', 'G13 fail'],
  )
  assert.equal(report.verdict, 'fail')
})

test('a bot without bars passes a sound candidate with every relaxed gate marked', () => {
  const { report } = runGates(contextOf(sound))
  assert.equal(report.verdict, 'pass')
  assert.deepEqual(
    report.results.filter(({ paper }) => paper).map(({ gate }) => gate),
    ['G6', 'G9', 'G10', 'G11', 'G12', 'G13'],
  )
})

test('the same inputs give the same report bytes', () => {
  const one = runGates(contextOf(sound, evidence))
  const two = runGates(contextOf(candidate(), evidence))
  assert.equal(one.text, two.text)
  assert.equal(one.sha256, two.sha256)
})

test('a failed precondition stops at once and lists what was not asked', () => {
  const { report } = runGates(contextOf(sound, { ...evidence, symbol: 'ES' }))
  assert.deepEqual([report.decidedBy, report.results.length, report.notRun.length], ['G1', 1, GATES.length - 1])
})

test('after the preconditions every gate is asked, and the first to fail decides', () => {
  const bad = candidate({ answers: { execution: () => [0.2] } })
  const { report } = runGates(contextOf(bad, { ...evidence, ...scored(200, 0.2, 0) }))
  assert.deepEqual([report.verdict, report.decidedBy, report.notRun], ['fail', 'G6', []])
  assert.equal(report.results.find(({ gate }) => gate === 'G10')?.result, 'fail')
})

test('a gate that breaks is an error, and an error fails', () => {
  const replay = (): never => {
    throw new Error('the replay broke')
  }
  const { report } = runGates(contextOf(sound, { ...evidence, replay }))
  assert.deepEqual([report.verdict, report.decidedBy], ['fail', 'G9'])
  assert.deepEqual(
    report.results.find(({ gate }) => gate === 'G9'),
    {
      gate: 'G9',
      value: null,
      limit: null,
      result: 'error',
      reason: 'the replay broke',
    },
  )
})

test('a dear replay is run once a set, and scoring once', () => {
  let [replays, scorings] = [0, 0]
  runGates(
    contextOf(sound, {
      ...evidence,
      replay: set => {
        replays++
        return falls(0.1, 0.1).replay(set)
      },
      score: () => {
        scorings++
        return scores(200, 0, 0)
      },
    }),
  )
  assert.deepEqual([replays, scorings], [2, 1])
})
