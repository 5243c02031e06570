// What a training by hand came to, or would learn from, as lines for people: each model beside what it must beat (experience chapter, `train`).

import type { TrainingPreview } from '../loop/preview-training.ts'
import { BASELINES, PRIMARY } from '../loop/reports/terms.ts'
import { rolesInOrder } from '../loop/reports/training-verdict.ts'
import type { TrainedOnce } from '../loop/train-once.ts'
import type { Metric } from '../release/evaluation.ts'
import { count, short, table } from './lines.ts'

function figure({ value, low, high }: Metric): string {
  if (value === null) return 'n/a'
  const interval = low === null || high === null ? '' : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`
  return `${value.toFixed(3)}${interval}`
}

/** Model, metric, then the figure of the candidate and of each rival on the same holdout with its 95 % interval. */
function beside({ evaluation }: Pick<TrainedOnce, 'evaluation'>): string[][] {
  return rolesInOrder(evaluation.roles).flatMap(([role, { holdout, baselines, baseline }]) => {
    const metric = PRIMARY[role] ?? ''
    const own = holdout[metric]
    if (own === undefined) return []
    const rivals = Object.entries(baselines).flatMap(([name, metrics]) => {
      const theirs = metrics[metric]
      return theirs === undefined ? [] : [['', '', BASELINES[name] ?? name, figure(theirs)]]
    })
    return [[role, metric, baseline ? 'stand-in' : 'candidate', figure(own)], ...rivals]
  })
}

export function resultLines(trained: TrainedOnce): string[] {
  const { built, evaluation, baselineRoles, overruled, champion } = trained
  const { manifest } = built
  const models = manifest.members.filter(({ role }) => role !== undefined)
  return [
    ...(overruled === null ? [] : [`${overruled}; overruled by --force`]),
    `release ${manifest.releaseId} (${manifest.label}) in ${trained.out}`,
    `learned from ${trained.trainingSamples} rows, ${trained.effectiveRows.toFixed(1)} effective${evaluation.thin ? ' (thin: paper only)' : ''}`,
    `its rows lie in ${trained.labels.file}`,
    ...models.map(
      ({ role = '', size }) => `  ${role.padEnd(10)} ${size} bytes${baselineRoles.includes(role) ? ', baseline' : ''}`,
    ),
    champion === null
      ? 'on the holdout, beside the baselines:'
      : `on the holdout, beside the baselines and ${short(champion)}:`,
    ...table(beside(trained)),
    `verify it: ratchet verify ${trained.out}`,
  ]
}

export function previewLines(preview: TrainingPreview): string[] {
  const { symbol, bars, rows, thinned, effectiveRows, fired, events, fit, holdout, folds, classes, thin } = preview
  return [
    ...(preview.skipped === null ? [] : [`${preview.skipped}; --force would train all the same`]),
    `${symbol}: ${bars} bars, ${preview.provenance}, snapshot ${short(preview.snapshotId)}`,
    `${rows} rows, ${effectiveRows.toFixed(1)} effective${thin ? ' (thin: paper only)' : ''}, ${thinned} more left out, ${fired} fired`,
    `${count(events, 'event')}: ${fit} to fit on, ${holdout} to judge on; classes ${classes.join(', ')}`,
    ...folds.map(({ train, validate }, at) => `  fold ${at + 1}: ${train} to train on, ${validate} to validate on`),
    'nothing was trained',
  ]
}
