// Metrics with interval, count and the baselines beside them; too few rows say N/A and why.

import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { figure, whole } from '../base/format.ts'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'
import { metricName } from './metric-name.ts'

type Role = ReleaseDetail['roles'][number]
type MetricRow = Role['metrics'][number]
type Metric = MetricRow['model']

export function MetricValue({ metric }: { readonly metric: Metric }) {
  if (metric.value === null)
    return <span title={metric.note ?? undefined}>{text('metric.thin', { n: whole(metric.n) })}</span>
  return (
    <>
      <span className="font-medium">{figure(metric.value)}</span>
      {metric.low !== null && metric.high !== null && (
        <span className="block text-2xs text-mute">
          {figure(metric.low)} … {figure(metric.high)}
        </span>
      )}
    </>
  )
}

export function MetricTable({ role }: { readonly role: Role }) {
  const baselines = [...new Set(role.metrics.flatMap(row => Object.keys(row.baselines)))]
  const columns: readonly Column<MetricRow>[] = [
    { id: 'name', header: text('metric.name'), cell: row => metricName(row.name) },
    {
      id: 'model',
      header: <Term name="interval">{text('metric.model')}</Term>,
      figure: true,
      cell: row => MetricValue({ metric: row.model }),
    },
    ...baselines.map(
      (name): Column<MetricRow> => ({
        id: name,
        header: text('metric.baseline', { name }),
        figure: true,
        cell: row => (row.baselines[name] === undefined ? '' : MetricValue({ metric: row.baselines[name] })),
      }),
    ),
    {
      id: 'folds',
      header: text('metric.folds'),
      figure: true,
      wide: true,
      cell: row => (role.folds[row.name] ?? []).map(value => figure(value)).join('  '),
    },
    { id: 'n', header: text('metric.n'), figure: true, cell: row => whole(row.model.n) },
  ]
  return (
    <DataTable
      label={text('metric.label', { role: role.role })}
      columns={columns}
      rows={role.metrics}
      keyOf={row => row.name}
      className="-mx-3"
    />
  )
}
