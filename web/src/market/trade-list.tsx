// Closed trades, newest first, each a way into its decision.

import type { TradeView } from '../../../src/api/schemas/market.ts'
import { tradesQuery } from '../api/queries.ts'
import { fixed, signedFixed, signedMoney, whole } from '../base/format.ts'
import { instant, type ZoneChoice } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import type { Column } from '../kit/data-table.tsx'
import { Hypothetical } from '../kit/hypothetical.tsx'
import { PagedList } from '../kit/paged-list.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'

const columnsOf = (zone: ZoneChoice): readonly Column<TradeView>[] => [
  {
    id: 'exit',
    header: text('trade.closed'),
    cell: ({ exitTime }) => <time className="whitespace-nowrap">{instant(exitTime, zone)}</time>,
  },
  {
    id: 'what',
    header: text('trade.what'),
    cell: ({ strategy, side, quantity }) =>
      `${text(side === 1 ? 'side.long' : 'side.short')} ${whole(quantity)} · ${strategy}`,
  },
  { id: 'entry', header: text('trade.entry'), figure: true, wide: true, cell: ({ entry }) => fixed(entry, 2) },
  { id: 'price', header: text('trade.exit'), figure: true, wide: true, cell: ({ exit }) => fixed(exit, 2) },
  { id: 'reason', header: text('trade.by'), cell: ({ exitReason }) => text(`exit.${exitReason}`) },
  {
    id: 'net',
    header: (
      <>
        {text('trade.net')} <Hypothetical />
      </>
    ),
    figure: true,
    cell: ({ net }) => <span className={net > 0 ? 'text-gain' : net < 0 ? 'text-loss' : ''}>{signedMoney(net)}</span>,
  },
  { id: 'costs', header: text('trade.costs'), figure: true, wide: true, cell: ({ costs }) => signedMoney(-costs) },
  {
    id: 'r',
    header: <Term name="rMultiple">{text('word.rMultiple')}</Term>,
    figure: true,
    cell: ({ r }) => signedFixed(r, 2),
  },
  { id: 'release', header: text('bar.decider'), wide: true, cell: ({ label }) => label ?? text('baseline') },
]

export const EXITS = ['stop', 'target', 'time', 'flatten', 'end'] as const satisfies readonly TradeView['exitReason'][]

type TradeListProps = {
  readonly run: string
  readonly exitReason: TradeView['exitReason'] | undefined
  readonly open: number | null
  readonly onOpen: (seq: number) => void
}

export function TradeList({ run, exitReason, open, onOpen }: TradeListProps) {
  const { zone } = usePreferences()
  return (
    <PagedList
      name="trades"
      label={text('lists.trades')}
      query={cursor => tradesQuery({ run, exitReason, cursor })}
      columns={columnsOf(zone)}
      keyOf={({ decisionId }) => decisionId}
      onOpen={({ decisionSeq }) => onOpen(decisionSeq)}
      isOpen={({ decisionSeq }) => decisionSeq === open}
      empty={text('trades.empty')}
      emptyWhy={text('trades.empty.why')}
    />
  )
}
