// Every cycle with its headline figures, the baseline beside each, and what became of its release.

import type { TrainingView } from '../../../src/api/schemas/trainings.ts'
import { fixed, whole } from '../base/format.ts'
import { dateOf, span, type ZoneChoice } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Tag } from '../kit/tag.tsx'
import { Term } from '../kit/term.tsx'
import { metricName } from '../models/metric-name.ts'
import { MetricValue } from '../models/metric-table.tsx'
import { text } from '../texts/text.ts'

type TrainingListProps = {
  readonly trainings: readonly TrainingView[]
  readonly open: string | undefined
  readonly onOpen: (id: string) => void
}

export function VerdictTag({ status, verdict }: Pick<TrainingView, 'status' | 'verdict'>) {
  if (status === 'failed') return <Tag tone="bad">{text('training.failed')}</Tag>
  if (status === 'skipped') return <Tag>{text('training.skipped')}</Tag>
  if (verdict === null) return <Tag>{text('training.waits')}</Tag>
  return verdict === 'installed' ? (
    <Tag tone="good">{text('training.installed')}</Tag>
  ) : (
    <Tag tone="warn">{text('training.refused', { by: verdict })}</Tag>
  )
}

/** One figure with its interval, and the baseline that it is held against. */
export const headlineColumn = <Row extends Pick<TrainingView, 'headline'>>(name: string): Column<Row> => ({
  id: name,
  header: <Term name="interval">{metricName(name)}</Term>,
  figure: true,
  cell: ({ headline }) => {
    const found = headline.find(other => other.name === name)
    if (found === undefined) return ''
    return (
      <>
        <MetricValue metric={found.model} />
        {found.baseline !== null && (
          <span className="block text-2xs text-mute">
            {text('training.against', { name: found.baselineName ?? '' })}{' '}
            <MetricValue metric={{ ...found.baseline, low: null, high: null }} />
          </span>
        )}
      </>
    )
  },
})

const columnsOf = (names: readonly string[], zone: ZoneChoice): readonly Column<TrainingView>[] => [
  { id: 'number', header: text('training.number'), cell: ({ number }) => <strong>{number}</strong> },
  {
    id: 'asOf',
    header: text('training.asOf'),
    cell: ({ asOf }) => <span className="whitespace-nowrap">{dateOf(asOf, zone)}</span>,
  },
  {
    id: 'verdict',
    header: text('training.verdict'),
    cell: ({ status, verdict, label, reason }) => (
      <>
        <VerdictTag status={status} verdict={verdict} />
        <span className="block max-w-72 text-2xs text-mute">{reason ?? label ?? ''}</span>
      </>
    ),
  },
  ...names.map(name => headlineColumn<TrainingView>(name)),
  {
    id: 'rows',
    header: <Term name="effectiveRows">{text('training.rows')}</Term>,
    figure: true,
    wide: true,
    cell: ({ rows, effectiveRows }) => (rows === null ? '' : `${fixed(effectiveRows, 0)} / ${whole(rows)}`),
  },
  {
    id: 'duration',
    header: text('training.took'),
    figure: true,
    wide: true,
    cell: ({ durationMs }) => (durationMs === null ? '' : span(durationMs)),
  },
]

export function TrainingList({ trainings, open, onOpen }: TrainingListProps) {
  const { zone } = usePreferences()
  const names = [...new Set(trainings.flatMap(({ headline }) => headline.map(({ name }) => name)))]
  return (
    <DataTable
      label={text('training.list')}
      columns={columnsOf(names, zone)}
      rows={[...trainings].sort((a, b) => b.number - a.number)}
      keyOf={({ trainingId }) => trainingId}
      onOpen={({ trainingId }) => onOpen(trainingId)}
      isOpen={({ trainingId }) => trainingId === open}
      className="max-h-[44rem]"
    />
  )
}
