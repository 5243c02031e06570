// Fills of the paper broker, newest first.

import type { FillView } from '../../../src/api/schemas/market.ts'
import { fillsQuery } from '../api/queries.ts'
import { fixed, money } from '../base/format.ts'
import type { ZoneChoice } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import type { Column } from '../kit/data-table.tsx'
import { PagedList } from '../kit/paged-list.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'
import { recordColumns } from './record-columns.tsx'

const columnsOf = (zone: ZoneChoice): readonly Column<FillView>[] => [
  ...recordColumns<FillView>(zone),
  { id: 'price', header: text('fill.price'), figure: true, cell: ({ price }) => fixed(price, 2) },
  {
    id: 'slippage',
    header: <Term name="slippage">{text('word.slippage')}</Term>,
    figure: true,
    cell: ({ slippage }) => fixed(slippage, 2),
  },
  { id: 'commission', header: text('fill.commission'), figure: true, cell: ({ commission }) => money(commission) },
]

export const ROLES = ['entry', 'stop', 'target', 'exit'] as const satisfies readonly FillView['role'][]

type FillListProps = { readonly run: string; readonly role: FillView['role'] | undefined }

export function FillList({ run, role }: FillListProps) {
  const { zone } = usePreferences()
  return (
    <PagedList
      name="fills"
      label={text('lists.fills')}
      query={cursor => fillsQuery({ run, role, cursor })}
      columns={columnsOf(zone)}
      keyOf={({ tradeId }) => tradeId}
      empty={text('fills.empty')}
      emptyWhy={text('fills.empty.why')}
    />
  )
}
