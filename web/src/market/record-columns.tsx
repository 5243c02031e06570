// Columns that lists of orders and of fills share.

import type { OrderView } from '../../../src/api/schemas/market.ts'
import { whole } from '../base/format.ts'
import { instant, type ZoneChoice } from '../base/time.ts'
import type { Column } from '../kit/data-table.tsx'
import { text } from '../texts/text.ts'

type Recorded = Pick<OrderView, 'at' | 'role' | 'side' | 'quantity'>

export const recordColumns = <Row extends Recorded>(zone: ZoneChoice): readonly Column<Row>[] => [
  {
    id: 'at',
    header: text('chart.time'),
    cell: ({ at }) => <time className="whitespace-nowrap">{instant(at, zone)}</time>,
  },
  { id: 'role', header: text('fill.role'), cell: ({ role }) => text(`fill.${role}`) },
  {
    id: 'side',
    header: text('fill.side'),
    cell: ({ side, quantity }) => `${text(side === 1 ? 'side.buy' : 'side.sell')} ${whole(quantity)}`,
  },
]
