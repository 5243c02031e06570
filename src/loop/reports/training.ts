// The report of a training, and of a release with what its gates said: baselines first, then evidence, trials, plots, origin (REP-02).

import type { Evaluation } from '../../release/evaluation.ts'
import type { Block, Report, Section } from '../../report/report.ts'
import type { GateReport } from '../../serving/gates/run.ts'
import type { TrainingEvidence } from './evidence.ts'
import { gateTables } from './gate-tables.ts'
import { learningTable, optionFacts } from './learning.ts'
import { type Origin, originSection } from './origin.ts'
import { foldTable, holdoutTable, plots } from './role.ts'
import { searchBlocks } from './search.ts'
import { DISCLAIMER } from './terms.ts'
import { rolesInOrder, verdictOf } from './training-verdict.ts'
import { trialBlocks } from './trials.ts'

/** A release that is known here, as a report names it. */
export type Named = {
  readonly releaseId: string
  readonly label: string
  readonly channel: string
  readonly version: number
  readonly digest: string
  /** What the gates said here last; null where none was asked. */
  readonly gates: GateReport | null
}

export type TrainingReportInput = TrainingEvidence & {
  /** A training has none: it is the same report whatever its release is called. */
  readonly release?: Named | undefined
  /** Costs and rules that only the run itself knows. */
  readonly assumptions?: readonly string[] | undefined
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const span = ([from, to]: readonly [number, number]): string => `${day(from)} to ${day(to)}`

function sample({ windows, rows, thin, classes }: Evaluation): Block[] {
  const whole = (label: string, value: number, note?: string) => ({ label, value, digits: 0, note })
  return [
    {
      kind: 'text',
      text: 'Two numbers under a figure are its 95 % interval from a block bootstrap of the holdout, with blocks as long as rows share their time; model and baselines are drawn together. Fewer than 30 rows print N/A.',
    },
    {
      kind: 'figures',
      figures: [
        whole('Candidates', rows.total, `${rows.thinned} more left out by thinning`),
        whole('Fitted on', rows.fit, span(windows.fit)),
        whole('Judged on', rows.holdout, span(windows.holdout)),
        {
          label: 'Effective rows',
          meaning: 'How many independent, equally recent rows carry as much information: candidates overlap in time.',
          value: rows.effective,
          digits: 1,
          note: thin ? 'thin: fewer than a live account asks for' : undefined,
        },
        whole('Fired', rows.fired, 'candidates that could have been traded'),
        whole('Classes', classes.length, classes.join(', ')),
      ],
    },
  ]
}

function parityTable({ parity }: TrainingEvidence): Section {
  const columns = [
    'Model',
    'Rows',
    'Beside thresholds',
    'Largest error, millionths',
    'Largest relative error, millionths',
    'Largest error, ulp',
    'Decisions that differ',
  ]
  return {
    title: 'Export',
    blocks: [
      {
        kind: 'table',
        title: `The shipped graphs against ${parity.runtime}, opset ${parity.opset}`,
        columns: columns.map(label => ({ label })),
        rows: Object.entries(parity.roles).map(([role, one]) => [
          role,
          { value: one.rows, digits: 0 },
          { value: one.thresholdAdjacent, digits: 0 },
          { value: 1e6 * one.maxAbsError, digits: 3 },
          one.maxRelError === undefined ? '–' : { value: 1e6 * one.maxRelError, digits: 3 },
          { value: one.maxUlp, digits: 0 },
          { value: one.decisionFlips, digits: 0 },
        ]),
      },
    ],
  }
}

function ancestry({ lineage, release }: TrainingReportInput, origin: Origin): Section {
  const { data, codeVersion, lockfileSha256, configSha256, seed, parentRelease, runtime, asOf } = lineage
  const { featureSchemaSha256 } = lineage
  const named =
    release === undefined
      ? []
      : [
          {
            label: 'Release',
            text: `${release.label} (${release.releaseId}), version ${release.version} of channel ${release.channel}`,
          },
          { label: 'Manifest', text: release.digest },
        ]
  return originSection(
    [
      ...named,
      ...data.map(({ symbol, snapshotId }) => ({ label: `Data, ${symbol}`, text: `snapshot ${snapshotId}` })),
      { label: 'Known as of', text: asOf },
      { label: 'Code', text: `Ratchet ${codeVersion}` },
      { label: 'Dependencies', text: `lock file ${lockfileSha256}` },
      ...(featureSchemaSha256 === undefined ? [] : [{ label: 'Feature schema', text: featureSchemaSha256 }]),
      { label: 'Training options', text: configSha256 },
      { label: 'Seed', text: String(seed) },
      { label: 'Follows', text: parentRelease ?? 'no release' },
      { label: 'Runtime', text: runtime },
    ],
    origin,
  )
}

/**
 * The same evidence and origin give the same report; when, where and how fast it was trained is no part of it.
 *
 * @example renderReport(trainingReport(evidenceOf(built.files), { facts, settings, command })).html
 */
export function trainingReport(input: TrainingReportInput, origin: Origin): Report {
  const { evaluation, release, assumptions = [] } = input
  const { symbol, windows, roles, provenance, thin } = evaluation
  const all = rolesInOrder(roles)
  const gates = release?.gates
  return {
    schema: 'ratchet.report/1',
    kind: release === undefined ? 'training' : 'release',
    title: release === undefined ? `Training on ${symbol}` : `Release ${release.label} for ${symbol}`,
    subject: `${symbol}, fitted on ${span(windows.fit)}, judged on ${span(windows.holdout)} UTC, seed ${input.lineage.seed}`,
    verdict: verdictOf(evaluation, gates),
    marks: ['hypothetical results', `${provenance} data`, ...(thin ? ['thin evidence'] : [])],
    sections: [
      { title: 'Beside the baselines', blocks: all.map(([role, one]) => holdoutTable(role, one)) },
      {
        title: 'How sure: interval and sample',
        blocks: [...sample(evaluation), ...all.flatMap(([role, one]) => foldTable(role, one))],
      },
      {
        title: 'Costs and assumptions',
        blocks: [
          {
            kind: 'list',
            items: [
              'R is the net profit of a candidate in units of its planned loss, after commission and slippage.',
              `Nothing within ${(windows.embargoMs / 86_400_000).toFixed(1)} days before the judged rows was fitted on, and no label that reaches into them.`,
              ...assumptions,
            ],
          },
        ],
      },
      {
        title: 'Trials counted',
        blocks: [...trialBlocks(evaluation), ...searchBlocks(evaluation.search)],
      },
      { title: 'Calibration and importance', blocks: plotsOf(all) },
      ...optional(
        'Learning curves',
        all.flatMap(([role, one]) => learningTable(role, one)),
      ),
      ...optional('Training options', factsOf(optionFacts(input.lineage))),
      gateTables(evaluation, gates),
      parityTable(input),
      ancestry(input, origin),
      {
        title: 'Limits',
        blocks: [
          {
            kind: 'list',
            items: [
              ...(provenance === 'simulated' ? ['Trained on simulated data: it says nothing about a market.'] : []),
              'Training places no trades: equity, drawdown, rolling Sharpe, months and trades stand in a backtest of the release.',
              'Models state chances, not certainties. The holdout was looked at once, by this report; choosing between reports spends it.',
            ],
          },
        ],
      },
    ],
    disclaimer: DISCLAIMER,
  }
}

const factsOf = (facts: ReturnType<typeof optionFacts>): Section['blocks'] =>
  facts.length === 0 ? [] : [{ kind: 'facts', facts }]

const optional = (title: string, blocks: Section['blocks']): Section[] =>
  blocks.length === 0 ? [] : [{ title, blocks }]

function plotsOf(roles: readonly (readonly [string, Evaluation['roles'][string]])[]): Section['blocks'] {
  const made = roles.flatMap(([role, one]) => plots(role, one))
  return made.length === 0 ? [{ kind: 'missing', title: 'Plots', reason: 'the evaluation has none' }] : made
}
