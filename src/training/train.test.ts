import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onnxRuntimeOracle } from '../adapters/onnxruntime/oracle.ts'
import { unwrap } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { featureSchemaHash } from '../market/feature-schema.ts'
import { META_COLUMNS } from '../market/roles.ts'
import { decodeModel } from '../onnx/decode.ts'
import { compileModel } from '../onnx/evaluate.ts'
import { checkEvidence } from '../release/evidence.ts'
import type { CurvePoint } from './curves.ts'
import { buildDataset } from './dataset.ts'
import { makeTable } from './fixtures/candidate-table.ts'
import { echoOracle, QUICK, runOf, SCHEMA } from './fixtures/run.ts'
import { gatherRows } from './rows.ts'
import type { Progress, TrainInput } from './run.ts'
import { train } from './train.ts'

const edge = makeTable({ bars: 900, edge: true })
const noEdge = makeTable({ bars: 900, seed: 7 })
const oracle = onnxRuntimeOracle()
after(() => oracle.close())

const succeed = async (input: TrainInput) => {
  const outcome = await train(input)
  if (!outcome.ok) throw outcome.fault
  return outcome
}
const learned = await succeed(runOf(edge, { oracle }))
const { meta, rl_sizer: sizer } = learned.evaluation.roles

test('a planted edge is learned: log loss clearly below the baseline and the chosen trades earn', () => {
  const { logLoss, meanR, auc } = meta!.holdout
  assert.ok(logLoss!.high! < meta!.baselines['majority']!['logLoss']!.low!)
  assert.ok(meanR!.low! > 0.3)
  assert.ok(auc!.low! > 0.6)
  assert.equal(Object.entries(meta!.importance!).sort(([, a], [, b]) => b - a)[0]![0], 'rsi')
})

test('without an edge nothing is claimed', async () => {
  const { evaluation } = await succeed(runOf(noEdge))
  const { holdout, baselines } = evaluation.roles['meta']!
  assert.ok(holdout['logLoss']!.high! > baselines['majority']!['logLoss']!.value!)
  assert.ok(holdout['auc']!.low! < 0.5 && holdout['auc']!.high! > 0.5)
  assert.equal(evaluation.roles['rl_sizer']!.baseline, true)
})

test('a sizer that is not worth it is the constant 1, marked', () => {
  assert.deepEqual(learned.baselineRoles.includes('rl_sizer'), sizer!.baseline)
  assert.equal(sizer!.baseline, true)
  const graph = unwrap(decodeModel(learned.members.get('models/rl_sizer.onnx')!))
  assert.equal(graph.metadata['baseline'], 'true')
  assert.deepEqual(Array.from(unwrap(compileModel(graph)).run(new Float32Array(10).fill(Number.NaN), 1)), [1])
})

test('the members are those of REL-01 and prove what a release has to prove', () => {
  assert.deepEqual(
    [...learned.members.keys()],
    [
      'card.md',
      'evaluation.json',
      'features.json',
      'golden/execution.json',
      'golden/meta.json',
      'golden/rl_sizer.json',
      'lineage.json',
      'metadata.json',
      'models/execution.onnx',
      'models/meta.onnx',
      'models/rl_sizer.onnx',
      'parity.json',
    ],
  )
  const evidence = checkEvidence({
    members: learned.members,
    audience: { profile: 'paper', symbols: ['SIM'] },
    provenance: 'simulated',
    gates: { ciBacktest: 'notApplicable', driftScore: learned.driftScore, verdict: learned.evaluation.verdict },
    trainingSamples: learned.trainingSamples,
  })
  assert.ok(evidence.ok, evidence.ok ? '' : evidence.fault.message)
  assert.equal(sha256(learned.members.get('features.json')!), featureSchemaHash(SCHEMA))
})

test('what was judged is what ships: the graph gives the log loss of the report', () => {
  const data = buildDataset({ table: edge, asOf: Date.UTC(2100, 0, 1), barMs: 86_400_000 })
  const { holdout } = data.split
  const rows = gatherRows(
    edge,
    holdout.map(event => data.events.strongest[event]!),
    META_COLUMNS,
  )
  const evaluator = unwrap(compileModel(unwrap(decodeModel(learned.members.get('models/meta.onnx')!))))
  const said = evaluator.run(rows, holdout.length)
  const losses = Array.from(
    holdout,
    (event, at) => -Math.log(said[at * evaluator.outputs + data.events.label[event]!]!),
  )
  const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length
  assert.ok(Math.abs(loss - meta!.holdout['logLoss']!.value!) < 1e-5)
})

test('the windows keep the holdout apart from what the models were fitted on', () => {
  const { windows, rows } = learned.evaluation
  assert.ok(windows.fit[1] < windows.holdout[0])
  assert.ok(rows.fit + rows.holdout <= rows.total)
})

test('the reference scores are sorted and lie in the range of a score', () => {
  const { scores } = learned.evaluation
  assert.ok(scores.length > 100)
  assert.ok(scores.every((score, at) => score >= 0.1 && score <= 1 && score >= (scores[at - 1] ?? 0)))
})

test('the same data, seed and clock give the same bytes of every member, another seed does not', async () => {
  const digests = (members: ReadonlyMap<string, Uint8Array>) =>
    Array.from(members, ([name, bytes]) => [name, sha256(bytes)])
  const once = digests((await succeed(runOf(edge))).members)
  assert.deepEqual(digests((await succeed(runOf(structuredClone(edge)))).members), once)
  const other = new Map((await succeed(runOf(edge, { seed: 43 }))).members)
  assert.notEqual(sha256(other.get('models/meta.onnx')!), new Map(once as [string, string][]).get('models/meta.onnx'))
})

test('a champion is judged on the same holdout', async () => {
  const models = {
    meta: unwrap(compileModel(unwrap(decodeModel(learned.members.get('models/meta.onnx')!)))),
    execution: unwrap(compileModel(unwrap(decodeModel(learned.members.get('models/execution.onnx')!)))),
    rl_sizer: unwrap(compileModel(unwrap(decodeModel(learned.members.get('models/rl_sizer.onnx')!)))),
  }
  const answer = async (role: keyof typeof models, rows: Float32Array, count: number) => {
    return { values: models[role].run(rows, count), outputs: models[role].outputs }
  }
  const champion = { releaseId: 'r-1', classes: learned.classes, answer }
  const { evaluation, members } = await succeed(runOf(edge, { champion }))
  const last = evaluation.roles['meta']!.baselines['lastModel']!['logLoss']!
  assert.ok(Math.abs(last.value! - meta!.holdout['logLoss']!.value!) < 1e-5)
  assert.match(new TextDecoder().decode(members.get('lineage.json')), /"parentRelease":"r-1"/)
})

test('a runtime that disagrees stops the run with the worst row', async () => {
  const wrong = echoOracle(answers => answers.map((answer, at) => (at === 77 ? answer + 1e-3 : answer)))
  const outcome = await train(runOf(edge, { oracle: wrong }))
  assert.ok(!outcome.ok)
  assert.equal(outcome.fault.code, 'EXPORT_PARITY')
  assert.match(outcome.fault.message, /meta: .* in row 15/)
  assert.equal(outcome.report.phase, 'parity')
})

test('simulated data may not train for live', async () => {
  const outcome = await train(runOf(edge, { options: { ...QUICK, profile: 'live' } }))
  assert.ok(!outcome.ok && outcome.fault.code === 'DATA_SIMULATED')
})

test('too little data is a report, not an exception', async () => {
  const outcome = await train(runOf(makeTable({ bars: 20, firedShare: 0 })))
  assert.ok(!outcome.ok && outcome.report.code === 'TRAIN_TOO_FEW' && outcome.report.phase === 'dataset')
})

test('an outcome that is not a number ends the run', async () => {
  const broken = structuredClone(edge)
  broken.r[400] = Number.NaN
  const outcome = await train(runOf(broken))
  assert.ok(!outcome.ok)
  assert.equal(outcome.fault.code, 'DEGENERATE_INPUT')
})

test('any exception ends the run as failed with its cause', async () => {
  const input = runOf(edge)
  const outcome = await train({
    ...input,
    series: {
      ...input.series,
      sessionOf: () => {
        throw new Error('no calendar')
      },
    },
  })
  assert.ok(!outcome.ok && outcome.fault.code === 'TRAIN_FAILED')
  assert.match(outcome.fault.message, /no calendar/)
})

test('a run can be cancelled between phases and tells where it is', async () => {
  const told: Progress[] = []
  const abort = new AbortController()
  const outcome = await train(
    runOf(edge, {
      signal: abort.signal,
      onProgress: progress => {
        told.push(progress)
        if (progress.phase === 'execution') abort.abort()
      },
    }),
  )
  assert.ok(!outcome.ok && outcome.fault.code === 'TRAIN_CANCELLED')
  assert.deepEqual([...new Set(told.map(({ phase }) => phase))], ['dataset', 'meta', 'execution'])
  assert.ok(told.every(({ fraction }, at) => fraction >= (told[at - 1]?.fraction ?? 0) && fraction <= 1))
})

test('the drift score is measured, and what the outcome, the report and its gates say is one number', () => {
  const { driftScore, evaluation } = learned
  assert.ok(driftScore > 0 && driftScore <= 1)
  assert.equal(evaluation.drift?.score, driftScore)
  assert.equal(evaluation.gates.find(({ gate }) => gate === 'G12 driftScore')?.value, driftScore)
})

test('curves of the fits that ship arrive with the progress, and being watched changes no byte', async () => {
  const told: CurvePoint[] = []
  const watched = await succeed(runOf(edge, { oracle, onProgress: ({ points = [] }) => void told.push(...points) }))
  assert.deepEqual(watched.members, learned.members)
  assert.ok(told.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))
  const last = new Map(told.map(({ role, curve, x, unit }) => [`${role} ${curve} ${unit}`, x]))
  assert.deepEqual(
    [...last.keys()],
    [
      'meta validation trees',
      'execution train rounds',
      'execution validation rounds',
      'rl_sizer validation steps',
      'rl_sizer train steps',
      'rl_sizer rate steps',
    ],
  )
  assert.equal(last.get('meta validation trees'), QUICK.meta?.trees)
  assert.equal(last.get('execution train rounds'), last.get('execution validation rounds'))
  assert.equal(last.get('rl_sizer train steps'), QUICK.sizer?.steps)
  const rising = told.filter(({ role, curve, x }, at) => {
    const before = told.slice(0, at).findLast(point => point.role === role && point.curve === curve)
    return before === undefined || x > before.x
  })
  assert.equal(rising.length, told.length)
})

test('others get their turn after every fit, every judged role and every graph', async () => {
  let turns = 0
  let training = true
  const beat = (): void => {
    turns++
    if (training) setImmediate(beat)
  }
  setImmediate(beat)
  await succeed(runOf(edge))
  training = false
  const { folds } = buildDataset({ table: edge, asOf: Date.UTC(2100, 0, 1), barMs: 86_400_000 }).split
  assert.ok(turns >= 2 * (folds.length + 1) + 3 + 3, `${turns} turns`)
})
