// Releases side by side by what their holdouts said: figure with interval, baseline below, what was tried before, and age.

import { useQuery } from '@tanstack/react-query'
import type { LeaderView } from '../../../src/api/schemas/reading.ts'
import { leaderboardQuery } from '../api/queries.ts'
import { figure, whole } from '../base/format.ts'
import { days } from '../base/time.ts'
import { go } from '../frame/use-route.ts'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Panel } from '../kit/panel.tsx'
import { Ask, Empty } from '../kit/states.tsx'
import { Term } from '../kit/term.tsx'
import { MetricValue } from '../models/metric-table.tsx'
import { text } from '../texts/text.ts'
import { headlineColumn } from './training-list.tsx'

const columnsOf = (names: readonly string[]): readonly Column<LeaderView>[] => [
  {
    id: 'label',
    header: <Term name="release">{text('word.release')}</Term>,
    cell: ({ label }) => <span className="whitespace-nowrap font-medium">{label}</span>,
  },
  ...names.map(name => headlineColumn<LeaderView>(name)),
  {
    id: 'deflatedSharpe',
    header: <Term name="deflatedSharpe">{text('leaders.deflatedSharpe')}</Term>,
    figure: true,
    cell: ({ deflatedSharpe }) => (deflatedSharpe === null ? 'N/A' : <MetricValue metric={deflatedSharpe} />),
  },
  {
    id: 'pbo',
    header: <Term name="pbo">{text('leaders.pbo')}</Term>,
    figure: true,
    wide: true,
    cell: ({ pbo }) => (pbo === null ? 'N/A' : figure(pbo)),
  },
  {
    id: 'trials',
    header: <Term name="trials">{text('word.trials')}</Term>,
    figure: true,
    cell: ({ trials }) => whole(trials),
  },
  { id: 'age', header: text('leaders.age'), figure: true, wide: true, cell: ({ ageMs }) => days(ageMs) },
]

export function LeaderboardPanel({ run }: { readonly run: string }) {
  const asked = useQuery(leaderboardQuery(run))
  return (
    <Panel title={text('leaders.title')} note={text('leaders.note')} flush>
      <Ask query={asked} what={text('leaders.title')}>
        {leaders =>
          leaders.length === 0 ? (
            <div className="p-3">
              <Empty title={text('models.none')}>{text('models.none.why')}</Empty>
            </div>
          ) : (
            <DataTable
              label={text('leaders.title')}
              columns={columnsOf([...new Set(leaders.flatMap(({ headline }) => headline.map(({ name }) => name)))])}
              rows={leaders}
              keyOf={({ digest }) => digest}
              onOpen={({ digest }) => go('models', { release: digest })}
              className="max-h-[26rem]"
            />
          )
        }
      </Ask>
    </Panel>
  )
}
