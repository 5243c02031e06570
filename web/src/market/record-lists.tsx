// Decisions, trades, orders and fills of the run as lists: filtered, paged, and as a file for a spreadsheet. The address keeps which.

import { setQuery, useRoute } from '../frame/use-route.ts'
import { Choice } from '../kit/choice.tsx'
import { Tabs } from '../kit/tabs.tsx'
import { text } from '../texts/text.ts'
import { CsvButton } from './csv-button.tsx'
import { DecisionList } from './decision-list.tsx'
import { FillList, ROLES } from './fill-list.tsx'
import { OrderList } from './order-list.tsx'
import { OUTCOMES } from './outcome-tag.tsx'
import { EXITS, TradeList } from './trade-list.tsx'

type RecordListsProps = {
  readonly run: string
  readonly open: number | null
  readonly onOpen: (seq: number) => void
}

const LISTS = ['decisions', 'trades', 'orders', 'fills'] as const
type ListName = (typeof LISTS)[number]

const roles = ROLES.map(value => ({ value, words: text(`fill.${value}`) }))

/** What each list is filtered by: the name that the API and the address have for it, and its values in words. */
const FILTERS = {
  decisions: { by: 'outcome', options: OUTCOMES.map(value => ({ value, words: text(`outcome.${value}`) })) },
  trades: { by: 'exitReason', options: EXITS.map(value => ({ value, words: text(`exit.${value}`) })) },
  orders: { by: 'role', options: roles },
  fills: { by: 'role', options: roles },
} as const

const chosen = <T extends string>(values: readonly T[], wanted: string | undefined): T | undefined =>
  values.find(value => value === wanted)

export function RecordLists({ run, open, onOpen }: RecordListsProps) {
  const { query } = useRoute()
  const list: ListName = chosen(LISTS, query['list']) ?? 'decisions'
  const { by, options } = FILTERS[list]
  const value = options.find(option => option.value === query[by])?.value
  const outcome = chosen(OUTCOMES, query['outcome'])
  const exitReason = chosen(EXITS, query['exitReason'])
  const role = chosen(ROLES, query['role'])
  return (
    <section aria-label={text('lists.label')} className="min-w-0 rounded-md border border-line bg-panel">
      <Tabs
        label={text('lists.label')}
        tabs={LISTS.map(id => ({ id, label: text(`lists.${id}`) }))}
        open={list}
        onOpen={id => setQuery({ list: id === 'decisions' ? null : id, page: null })}
        actions={
          <>
            <Choice
              inline
              filter
              label={text(`lists.filter.${by}`)}
              value={value ?? 'all'}
              options={[{ value: 'all', words: text('lists.all') }, ...options]}
              onChange={one => setQuery({ [by]: one === 'all' ? null : one, page: null })}
            />
            <CsvButton name={list} path={`/api/${list}`} query={{ run, [by]: value }} />
          </>
        }
      >
        {list === 'decisions' && (
          <DecisionList key={outcome ?? ''} run={run} outcome={outcome} open={open} onOpen={onOpen} />
        )}
        {list === 'trades' && (
          <TradeList key={exitReason ?? ''} run={run} exitReason={exitReason} open={open} onOpen={onOpen} />
        )}
        {list === 'orders' && <OrderList key={role ?? ''} run={run} role={role} open={open} onOpen={onOpen} />}
        {list === 'fills' && <FillList key={role ?? ''} run={run} role={role} />}
      </Tabs>
    </section>
  )
}
