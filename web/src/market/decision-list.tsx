// Decisions, newest first: what, why, how sure, and who decided.

import { useQuery } from '@tanstack/react-query'
import type { DecisionView } from '../../../src/api/schemas/market.ts'
import { decisionsQuery, releasesQuery } from '../api/queries.ts'
import { percent, short } from '../base/format.ts'
import { instant, type ZoneChoice } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import type { Column } from '../kit/data-table.tsx'
import { PagedList } from '../kit/paged-list.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'
import { OutcomeTag } from './outcome-tag.tsx'
import { stanceWords } from './stance-words.ts'

type LabelOf = (releaseId: string) => string

const columnsOf = (zone: ZoneChoice, labelOf: LabelOf): readonly Column<DecisionView>[] => [
  {
    id: 'at',
    header: text('chart.time'),
    cell: ({ at }) => <time className="whitespace-nowrap">{instant(at, zone)}</time>,
  },
  { id: 'outcome', header: text('bar.outcome'), cell: row => <OutcomeTag outcome={row.outcome} /> },
  {
    id: 'chosen',
    header: text('decision.strategy'),
    cell: ({ chosen, side }) => stanceWords(chosen, side),
  },
  {
    id: 'reason',
    header: text('decision.reason'),
    cell: ({ reason }) => <code className="text-2xs text-soft">{reason ?? ''}</code>,
  },
  {
    id: 'confidence',
    header: <Term name="confidence">{text('word.confidence')}</Term>,
    figure: true,
    cell: ({ confidence }) => (confidence === null ? '' : percent(confidence, 0)),
  },
  {
    id: 'regime',
    header: <Term name="regime">{text('word.regime')}</Term>,
    wide: true,
    cell: ({ regime }) => regime,
  },
  {
    id: 'release',
    header: text('bar.decider'),
    wide: true,
    cell: ({ releaseId }) => <span className="whitespace-nowrap">{labelOf(releaseId)}</span>,
  },
]

type DecisionListProps = {
  readonly run: string
  readonly outcome: DecisionView['outcome'] | undefined
  readonly open: number | null
  readonly onOpen: (seq: number) => void
}

export function DecisionList({ run, outcome, open, onOpen }: DecisionListProps) {
  const { zone } = usePreferences()
  const releases = useQuery(releasesQuery(run)).data ?? []
  const labelOf: LabelOf = id =>
    id === 'baseline' ? text('baseline') : (releases.find(({ releaseId }) => releaseId === id)?.label ?? short(id))
  return (
    <PagedList
      name="decisions"
      label={text('lists.decisions')}
      query={cursor => decisionsQuery({ run, outcome, cursor })}
      columns={columnsOf(zone, labelOf)}
      keyOf={({ seq }) => seq}
      onOpen={({ seq }) => onOpen(seq)}
      isOpen={({ seq }) => seq === open}
      empty={text('decisions.empty')}
      emptyWhy={text('decisions.empty.why')}
    />
  )
}
