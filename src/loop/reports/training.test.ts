import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evaluation, Metric, RoleEvaluation } from '../../release/evaluation.ts'
import { renderReport } from '../../report/render.ts'
import type { Table } from '../../report/report.ts'
import { settingsSchema } from '../settings.ts'
import type { Origin } from './origin.ts'
import { type TrainingReportInput, trainingReport } from './training.ts'

const origin: Origin = {
  facts: { codeVersion: '1.2.3', lockfileSha256: 'c'.repeat(64), platform: 'test' },
  settings: settingsSchema.parse({}),
  command: 'ratchet train --bars x.csv --html',
}
const metric = (value: number, spread = 0.01): Metric => ({ value, low: value - spread, high: value + spread, n: 400 })
const thin: Metric = { value: null, low: null, high: null, n: 11, note: '11 rows, 30 are needed' }

const role = (over: Partial<RoleEvaluation>): RoleEvaluation => ({
  baseline: false,
  holdout: {},
  folds: {},
  baselines: {},
  ...over,
})

function input(meta: Partial<RoleEvaluation>, over: Partial<Evaluation> = {}): TrainingReportInput {
  return {
    evaluation: {
      schema: 'ratchet.evaluation/1',
      symbol: 'SPX',
      provenance: 'real',
      windows: { fit: [0, 1e12], holdout: [1.1e12, 1.2e12], embargoMs: 86_400_000 },
      rows: { total: 900, fit: 500, holdout: 400, effective: 87.5, fired: 30, thinned: 0 },
      thin: true,
      classes: ['EmaCross', 'None'],
      roles: {
        execution: role({ baseline: true, holdout: { mse: metric(2) }, baselines: { mean: { mse: metric(2.1) } } }),
        meta: role(meta),
      },
      scores: [],
      trials: 3,
      gates: [{ gate: 'G12 auc', value: 0.6, limit: 0.62, result: 'fail', paper: true }],
      verdict: 'pass',
      ...over,
    },
    parity: { schema: 'ratchet.parity/1', runtime: 'onnxruntime 1', opset: 17, roles: {} },
    lineage: {
      schema: 'ratchet.lineage/1',
      data: [{ snapshotId: 'd'.repeat(64), symbol: 'SPX', barMs: 86_400_000, provenance: 'real' }],
      codeVersion: '1.2.3',
      lockfileSha256: 'c'.repeat(64),
      configSha256: 'e'.repeat(64),
      seed: 42,
      parentRelease: null,
      machine: 'test',
      runtime: 'onnxruntime 1',
      asOf: '2020-01-01T00:00:00.000Z',
      finishedAt: '2020-01-01T00:00:09.000Z',
    },
  }
}

const worse = { holdout: { logLoss: metric(1.4) }, baselines: { majority: { logLoss: metric(1.3) } } }
const better = { holdout: { logLoss: metric(1.2) }, baselines: { majority: { logLoss: metric(1.3) } } }

test('baselines come first, limits last, and the verdict is one sentence', () => {
  const report = trainingReport(input(worse), origin)
  assert.deepEqual(
    report.sections.map(({ title }) => title),
    [
      'Beside the baselines',
      'How sure: interval and sample',
      'Costs and assumptions',
      'Trials counted',
      'Calibration and importance',
      'Gates',
      'Export',
      'Origin, and how to make this again',
      'Limits',
    ],
  )
  assert.equal(
    report.verdict.text,
    'The strategy model does not beat its baselines (log loss 1.400 nats against 1.300 nats of class shares); 1 of 2 models is a stand-in; 1 of 1 quality floors of a live account are not reached.',
  )
  assert.equal(report.verdict.tone, 'bad')
})

test('what beats its baselines clearly, by chance or not at all is told apart, by word and shape', () => {
  const beats = (meta: Partial<RoleEvaluation>) => {
    const { sections } = trainingReport(input(meta), origin)
    return (sections[0]!.blocks[0] as Table).rows[0]![1]
  }
  assert.equal(beats(better), 'yes ▲')
  assert.equal(beats({ ...better, holdout: { logLoss: metric(1.29) } }), 'unclear △')
  assert.equal(beats(worse), 'no ▼')
  assert.equal(beats({ ...better, holdout: { logLoss: thin } }), 'N/A')
})

test('a stand-in never makes a good verdict, nor does a refusal by the gates', () => {
  const tone = (some: TrainingReportInput) => trainingReport(some, origin).verdict.tone
  assert.equal(tone(input(better)), 'mixed')
  const roles = { meta: role(better) }
  assert.equal(tone(input(better, { roles, gates: [] })), 'good')
  const gates = {
    schema: 'ratchet.gates/1',
    releaseId: 'r-1',
    digest: 'f'.repeat(64),
    profile: 'paper',
    champion: null,
    results: [],
    notRun: [],
    verdict: 'fail',
    decidedBy: 'G7',
  } as const
  const release = {
    releaseId: 'r-1',
    label: '20200101_000000_1',
    channel: 'stable',
    version: 1,
    digest: 'f'.repeat(64),
    gates,
  }
  const refused = trainingReport({ ...input(better, { roles, gates: [] }), release }, origin)
  assert.deepEqual([refused.kind, refused.verdict.tone], ['release', 'bad'])
  assert.match(refused.verdict.text, /gate G7 refused it here\.$/)
})

test('thin figures say so; when, where and how fast it was made changes nothing', () => {
  const { html, sha256 } = renderReport(
    trainingReport(input({ ...worse, holdout: { ...worse.holdout, edgeBps: thin } }), origin),
  )
  assert.match(html, /N\/A<\/span> <small>11 rows, 30 are needed/)
  const some = input({ ...worse, holdout: { ...worse.holdout, edgeBps: thin } })
  const elsewhere = {
    ...some,
    lineage: { ...some.lineage, machine: 'another', finishedAt: '2021-01-01T00:00:00.000Z' },
  }
  assert.equal(renderReport(trainingReport(elsewhere, origin)).sha256, sha256)
})

test('what was kept of the fit is shown: its curve, its options and the hash of its columns', () => {
  const curve = Array.from({ length: 40 }, (_, at) => [
    { curve: 'train' as const, x: at, y: 1 / (at + 1) },
    { curve: 'validation' as const, x: at, y: 2 / (at + 1) },
  ]).flat()
  const bare = input({ ...better, curve })
  const lineage = { ...bare.lineage, config: { meta: { trees: 100 }, folds: 5 }, featureSchemaSha256: '5'.repeat(64) }
  const { sections } = trainingReport({ ...bare, lineage }, origin)
  const blocksOf = (wanted: string) => sections.find(({ title }) => title === wanted)?.blocks ?? []
  const [learning] = blocksOf('Learning curves') as readonly Table[]
  assert.deepEqual(learning!.rows.at(-1)!, [
    { value: 39, digits: 0 },
    { value: 1 / 40, digits: 4 },
    { value: 2 / 40, digits: 4 },
  ])
  assert.ok(learning!.rows.length <= 12)
  assert.deepEqual(blocksOf('Training options'), [
    {
      kind: 'facts',
      facts: [
        { label: 'meta.trees', text: '100' },
        { label: 'folds', text: '5' },
      ],
    },
  ])
  assert.match(JSON.stringify(sections), /"Feature schema","text":"5{64}"/)
})
