// `card.md`: what a release is, what it is not and how good it is, in words for people; every number comes from its evidence (ZOO-10).

import type { Evaluation, Metric, ParityCertificate, RoleEvaluation } from '../release/evaluation.ts'
import type { Lineage } from './lineage.ts'

export type CardInput = {
  readonly evaluation: Evaluation
  readonly parity: ParityCertificate
  readonly lineage: Lineage
  readonly semVer: string
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const short = (value: number): string => String(Number(value.toPrecision(4)))

function metricText({ value, low, high, n, note }: Metric): string {
  if (value === null) return `n/a (${note ?? 'not measured'})`
  const interval = low === null || high === null ? '' : ` [${short(low)}, ${short(high)}]`
  return `${short(value)}${interval}, n ${n}`
}

const TITLES: Readonly<Record<string, string>> = {
  meta: 'meta: which strategy, if any (random forest)',
  execution: 'execution: expected net R of a candidate (gradient boosting)',
  rl_sizer: 'rl_sizer: size multiplier 0.1 to 2.0 (CVaR-bounded policy)',
}

function roleText(role: string, { baseline, holdout, baselines, importance }: RoleEvaluation): string[] {
  const others = Object.entries(baselines)
  const columns = ['model', ...others.map(([name]) => name)]
  const top = Object.entries(importance ?? {})
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
  return [
    `### ${TITLES[role] ?? role}`,
    '',
    ...(baseline
      ? ['This graph is a stand-in: no trained model was worth more than the constant it carries.', '']
      : []),
    `| holdout | ${columns.join(' | ')} |`,
    `|${' --- |'.repeat(columns.length + 1)}`,
    ...Object.entries(holdout).map(([name, metric]) => {
      const beside = others.map(([, metrics]) => (metrics[name] === undefined ? 'n/a' : metricText(metrics[name])))
      return `| ${[name, metricText(metric), ...beside].join(' | ')} |`
    }),
    '',
    ...(top.length === 0
      ? []
      : [`Columns that matter most: ${top.map(([name, rise]) => `${name} ${short(rise)}`).join(', ')}.`, '']),
  ]
}

/** What moved most between the two spans. */
function driftText({ drift }: Evaluation): string[] {
  if (drift === undefined) return []
  const [furthest] = Object.entries({ ...drift.columns, 'class shares': drift.labels }).sort(([, a], [, b]) => b - a)
  const [name, psi] = furthest!
  return [
    `- Drift from the first span to the second: score ${short(drift.score)}; ${name} moved most (PSI ${short(psi)}).`,
  ]
}

/** What the trials make of the result (ZOO-10). */
function ledgerText({ multiplicity }: Evaluation): string[] {
  if (multiplicity === undefined) return []
  const { looks, holdoutViews, pbo, deflatedSharpe } = multiplicity
  const overfitting = pbo === null ? 'n/a' : short(pbo)
  return [
    `- Refits on newer data: ${looks}; holdout read ${holdoutViews} times.`,
    `- Deflated Sharpe of the holdout's decisions: ${metricText(deflatedSharpe)}; probability of overfitting: ${overfitting}.`,
  ]
}

/** @example cardText({ evaluation, parity, lineage, semVer: '1.0.0' }).split('\n')[0] // '# SPX 1.0.0' */
export function cardText({ evaluation, parity, lineage, semVer }: CardInput): string {
  const { windows, rows, thin, classes, roles, gates, provenance, symbol, trials } = evaluation
  return [
    `# ${symbol} ${semVer}`,
    '',
    `Three models that choose a strategy, price its quality and size it for ${symbol}, judged on data that none of them was`,
    'fitted on. They state chances, not certainties; past results do not bind the future.',
    '',
    ...(provenance === 'simulated' ? ['**Trained on simulated data: never for live trading.**', ''] : []),
    ...(thin ? ['**Thin: less data than the live floors ask for.**', ''] : []),
    `- Fitted on ${day(windows.fit[0])} to ${day(windows.fit[1])}, judged on ${day(windows.holdout[0])} to ${day(windows.holdout[1])}.`,
    `- ${rows.total} candidates (${rows.fired} fired, ${rows.thinned} left out by thinning), ${short(rows.effective)} effective.`,
    `- Classes: ${classes.join(', ')}.`,
    `- Configurations tried: ${trials}.`,
    ...ledgerText(evaluation),
    ...driftText(evaluation),
    '',
    '## Results',
    '',
    ...Object.entries(roles).flatMap(([role, evaluated]) => roleText(role, evaluated)),
    '## Gates',
    '',
    '| gate | value | limit | result |',
    '| --- | --- | --- | --- |',
    ...gates.map(({ gate, value, limit, result, paper }) => {
      const number = typeof value === 'number' ? short(value) : (value ?? 'n/a')
      return `| ${gate} | ${number} | ${limit ?? 'n/a'} | ${result}${paper === true ? ' (paper)' : ''} |`
    }),
    '',
    '## Export',
    '',
    `Checked against ${parity.runtime}, opset ${parity.opset}:`,
    '',
    ...Object.entries(parity.roles).map(
      ([role, { rows: vectors, thresholdAdjacent, maxAbsError, decisionFlips }]) =>
        `- ${role}: ${vectors} rows, ${thresholdAdjacent} beside thresholds, largest error ${short(maxAbsError)}, ${decisionFlips} decisions differ.`,
    ),
    '',
    '## Origin',
    '',
    ...lineage.data.map(({ snapshotId }) => `- Data snapshot ${snapshotId}`),
    `- Code ${lineage.codeVersion}, configuration ${lineage.configSha256}, seed ${lineage.seed}`,
    `- Parent release ${lineage.parentRelease ?? 'none'}`,
    `- Made ${lineage.finishedAt} on ${lineage.machine}`,
    '',
  ].join('\n')
}
