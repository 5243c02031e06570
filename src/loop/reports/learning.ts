// How the fit that ships learned, as a table of a few of its points, and what it was told: of a training report (TRAIN-05).

import { canonicalJson } from '../../base/canonical-json.ts'
import type { LearningPoint, RoleEvaluation } from '../../release/evaluation.ts'
import type { Block } from '../../report/report.ts'
import type { Ancestry } from '../../serving/evidence.ts'
import { ROLES } from './terms.ts'

const ROWS = 12

/** What the curves of each role count and are losses in. */
const AXES: Readonly<Record<string, { readonly x: string; readonly y: string }>> = {
  meta: { x: 'Trees', y: 'Brier score of events that the trees did not draw' },
  execution: { x: 'Rounds', y: 'half the squared error, R²' },
  rl_sizer: { x: 'Steps', y: 'what it minimises, R' },
}

function some(xs: readonly number[]): readonly number[] {
  if (xs.length <= ROWS) return xs
  return Array.from({ length: ROWS }, (_, at) => xs[Math.round((at * (xs.length - 1)) / (ROWS - 1))]!)
}

/** Empty where no curve was kept. */
export function learningTable(role: string, { curve = [] }: Pick<RoleEvaluation, 'curve'>): Block[] {
  const losses = curve.filter(point => point.curve !== 'rate')
  const named = (name: LearningPoint['curve']) =>
    new Map(losses.filter(p => p.curve === name).map(({ x, y }) => [x, y]))
  const [train, validation] = [named('train'), named('validation')]
  const xs = some([...new Set(losses.map(({ x }) => x))].sort((a, b) => a - b))
  if (xs.length === 0) return []
  const { x: axis, y: unit } = AXES[role] ?? { x: 'Steps', y: 'loss' }
  const cell = (value: number | undefined) => (value === undefined ? '–' : { value, digits: 4 })
  return [
    {
      kind: 'table',
      title: `Learning curve: ${ROLES[role] ?? role}`,
      columns: [{ label: axis }, { label: 'Training' }, { label: 'Validation' }],
      rows: xs.map(x => [{ value: x, digits: 0 }, cell(train.get(x)), cell(validation.get(x))]),
      note: `Loss: ${unit}. Validation rows of a fit are those that tell it when to stop, never the holdout.`,
    },
  ]
}

/** Each option as `role.name` with its value; empty in releases from before they were kept. */
export function optionFacts({ config = {} }: Pick<Ancestry, 'config'>): { label: string; text: string }[] {
  const flat = (value: unknown, path: string): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, own]) => flat(own, path === '' ? key : `${path}.${key}`))
      : [[path, value]]
  return flat(config, '').map(([label, value]) => ({
    label,
    text: typeof value === 'string' ? value : canonicalJson(value),
  }))
}
