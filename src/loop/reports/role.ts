// One model of a release in a report: held against its baselines on the holdout, by fold, calibrated, and what it looks at.

import type { Metric, RoleEvaluation } from '../../release/evaluation.ts'
import type { Amount, Block, Cell, Table, Term } from '../../report/report.ts'
import { BASELINES, METRICS, type MetricTerm, PRIMARY, ROLES } from './terms.ts'

const roleName = (role: string): string => ROLES[role] ?? role

const baselineName = (name: string): string => BASELINES[name] ?? name

/** A metric that these terms do not know is shown as it is. */
const termOf = (role: string, name: string): MetricTerm =>
  METRICS[role]?.[name] ?? { term: { label: name }, unit: '', digits: 3, scale: 1 }

/** In the order of the terms: JSON has them by name. */
function inOrder<T>(role: string, byName: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  const known = Object.keys(METRICS[role] ?? {}).filter(name => Object.hasOwn(byName, name))
  const others = Object.keys(byName).filter(name => !known.includes(name))
  return [...known, ...others].map(name => [name, byName[name]!])
}

function amountOf(metric: Metric | undefined, { unit, digits, scale }: MetricTerm): Amount | string {
  if (metric === undefined) return '–'
  const scaled = (value: number | null) => (value === null ? null : value * scale)
  const { value, low, high, n, note } = metric
  return { value: scaled(value), low: scaled(low), high: scaled(high), n, note, unit, digits }
}

const distance = (better: 'lower' | 'higher', a: number, b: number): number => (better === 'lower' ? b - a : a - b)

const overlap = (a: Metric, b: Metric): boolean =>
  a.low === null || a.high === null || b.low === null || b.high === null || (a.low <= b.high && b.low <= a.high)

/** `unclear`: better, but the intervals overlap. */
export type Standing = 'better' | 'unclear' | 'not better' | 'N/A'

/** How a model stands to the best of its baselines by one metric. */
export function standing({ holdout, baselines }: RoleEvaluation, name: string, { better }: MetricTerm): Standing {
  const own = holdout[name]
  const rivals = Object.values(baselines).flatMap(metrics => {
    const value = metrics[name]
    return value === undefined || value.value === null ? [] : [value]
  })
  if (better === undefined || own === undefined || own.value === null || rivals.length === 0) return 'N/A'
  const best = rivals.reduce((a, b) => (distance(better, b.value!, a.value!) > 0 ? b : a))
  if (!(distance(better, own.value, best.value!) > 0)) return 'not better'
  return overlap(own, best) ? 'unclear' : 'better'
}

export const primaryStanding = (role: string, evaluated: RoleEvaluation): Standing => {
  const name = PRIMARY[role]
  return name === undefined ? 'N/A' : standing(evaluated, name, termOf(role, name))
}

const SHAPES: Readonly<Record<Standing, string>> = {
  better: 'yes ▲',
  unclear: 'unclear △',
  'not better': 'no ▼',
  'N/A': 'N/A',
}

const BEATS: Term = {
  label: 'Beats them',
  meaning:
    'Against the best of the baselines. Yes: better, and the intervals lie apart. Unclear: better, but the intervals overlap, so it may be chance. No: not better.',
}

/** `log loss 1.425 against 1.359 of class shares`, for the verdict; undefined where it was not measured. */
export function primaryText(role: string, { holdout, baselines }: RoleEvaluation): string | undefined {
  const name = PRIMARY[role]
  if (name === undefined) return undefined
  const { term, better = 'higher', digits, unit } = termOf(role, name)
  const rivals = Object.entries(baselines).flatMap(([rival, metrics]) => {
    const value = metrics[name]?.value ?? null
    return value === null ? [] : [{ rival, value }]
  })
  const own = holdout[name]?.value ?? null
  if (own === null || rivals.length === 0) return undefined
  const best = rivals.reduce((a, b) => (distance(better, b.value, a.value) > 0 ? b : a))
  const text = (value: number) => `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`
  return `${term.label.toLowerCase()} ${text(own)} against ${text(best.value)} of ${baselineName(best.rival).toLowerCase()}`
}

export function holdoutTable(role: string, evaluated: RoleEvaluation): Table {
  const { holdout, baselines, baseline } = evaluated
  const rivals = Object.entries(baselines)
  return {
    kind: 'table',
    title: `${roleName(role)} (${role})`,
    columns: [
      { label: 'Holdout' },
      BEATS,
      { label: baseline ? 'Stand-in' : 'Model' },
      ...rivals.map(([name]) => ({ label: baselineName(name) })),
    ],
    rows: inOrder(role, holdout).map(([name, metric]): Cell[] => {
      const known = termOf(role, name)
      return [
        known.term,
        SHAPES[standing(evaluated, name, known)],
        amountOf(metric, known),
        ...rivals.map(([, metrics]) => amountOf(metrics[name], known)),
      ]
    }),
    ...(baseline
      ? { note: 'No trained model was worth more than the constant it carries, so a constant is shipped in its place.' }
      : {}),
  }
}

export function foldTable(role: string, { folds }: RoleEvaluation): Block[] {
  const rows = inOrder(role, folds).filter(([, values]) => values.length > 0)
  const count = Math.max(0, ...rows.map(([, values]) => values.length))
  if (count === 0) return []
  return [
    {
      kind: 'table',
      title: `${roleName(role)}, by walk-forward fold`,
      columns: [
        { label: 'Validation' },
        ...Array.from({ length: count }, (_, fold) => ({ label: `Fold ${fold + 1}` })),
      ],
      rows: rows.map(([name, values]) => {
        const { term, unit, digits, scale } = termOf(role, name)
        const cells = values.map(value => ({
          value: value === null ? null : value * scale,
          unit,
          digits,
        }))
        return [term, ...cells]
      }),
      note: 'N/A: fewer than 30 rows in that fold, or not defined on them.',
    },
  ]
}

/** Columns that are shown; the others matter less. */
const COLUMNS = 20

export function plots(role: string, { calibration, importance }: RoleEvaluation): Block[] {
  const columns = Object.entries(importance ?? {})
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => b.value - a.value || (a.label < b.label ? -1 : 1))
  const blocks: Block[] = []
  if (calibration !== undefined && calibration.length > 0) {
    blocks.push({
      kind: 'calibration',
      title: `Calibration: ${roleName(role)}`,
      points: calibration,
      note: 'Chance of the likeliest class in bins of equal mass, over the validation rows of all folds. Dots below the dashes: too sure.',
    })
  }
  if (columns.length > 0) {
    blocks.push({
      kind: 'bars',
      title: `Importance: ${roleName(role)}`,
      unit: 'rise of the loss',
      digits: 4,
      bars: columns.slice(0, COLUMNS),
      note: 'How much worse the loss gets when one column is shuffled, on validation rows, one shuffle each. About 0: not read, or no use.',
    })
  }
  return blocks
}
