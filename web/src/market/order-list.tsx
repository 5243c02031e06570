// Orders as they were sent, newest first, with what was filled of each; a way into the decision that made them.

import type { OrderView } from '../../../src/api/schemas/market.ts'
import { ordersQuery } from '../api/queries.ts'
import { fixed, whole } from '../base/format.ts'
import type { ZoneChoice } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import type { Column } from '../kit/data-table.tsx'
import { PagedList } from '../kit/paged-list.tsx'
import { Tag } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'
import { recordColumns } from './record-columns.tsx'

const bracketOf = ({ stopDistance, targetDistance, maxBars }: OrderView): string =>
  stopDistance === null || targetDistance === null || maxBars === null
    ? ''
    : text('order.bracket.of', { stop: fixed(stopDistance, 2), target: fixed(targetDistance, 2), bars: whole(maxBars) })

const columnsOf = (zone: ZoneChoice): readonly Column<OrderView>[] => [
  ...recordColumns<OrderView>(zone),
  {
    id: 'type',
    header: text('order.type'),
    cell: ({ type, price }) => text(`order.type.${type}`, { price: fixed(price, 2) }),
  },
  { id: 'bracket', header: text('order.bracket'), wide: true, cell: bracketOf },
  {
    id: 'filled',
    header: text('order.filled'),
    cell: ({ filled, quantity }) => (
      <Tag tone={filled === quantity ? 'good' : 'plain'}>
        {text('order.filled.of', { filled: whole(filled), quantity: whole(quantity) })}
      </Tag>
    ),
  },
  { id: 'strategy', header: text('decision.strategy'), wide: true, cell: ({ strategy }) => strategy },
  {
    id: 'id',
    header: text('order.id'),
    wide: true,
    cell: ({ orderId }) => <code className="font-mono text-2xs text-soft">{orderId}</code>,
  },
]

type OrderListProps = {
  readonly run: string
  readonly role: OrderView['role'] | undefined
  readonly open: number | null
  readonly onOpen: (seq: number) => void
}

export function OrderList({ run, role, open, onOpen }: OrderListProps) {
  const { zone } = usePreferences()
  return (
    <PagedList
      name="orders"
      label={text('lists.orders')}
      query={cursor => ordersQuery({ run, role, cursor })}
      columns={columnsOf(zone)}
      keyOf={({ orderId }) => orderId}
      onOpen={({ decisionSeq }) => onOpen(decisionSeq)}
      isOpen={({ decisionSeq }) => decisionSeq === open}
      empty={text('orders.empty')}
      emptyWhy={text('orders.empty.why')}
    />
  )
}
