// Decisions, trades and fills of the run as lists: filtered, paged, and as a file for a spreadsheet.

import { useState } from 'react'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { Choice } from '../kit/choice.tsx'
import { Tabs } from '../kit/tabs.tsx'
import { text } from '../texts/text.ts'
import { CsvButton } from './csv-button.tsx'
import { DecisionList } from './decision-list.tsx'
import { FillList } from './fill-list.tsx'
import { OUTCOMES } from './outcome-tag.tsx'
import { TradeList } from './trade-list.tsx'

type RecordListsProps = {
  readonly run: string
  readonly open: number | null
  readonly onOpen: (seq: number) => void
}

type ListName = 'decisions' | 'trades' | 'fills'

const FILTERS = ['all', ...OUTCOMES] as const

export function RecordLists({ run, open, onOpen }: RecordListsProps) {
  const { query } = useRoute()
  const [list, setList] = useState<ListName>('decisions')
  const outcome = OUTCOMES.find(name => name === query['outcome'])
  return (
    <section aria-label={text('lists.label')} className="min-w-0 rounded-md border border-line bg-panel">
      <Tabs
        label={text('lists.label')}
        tabs={(['decisions', 'trades', 'fills'] as const).map(id => ({ id, label: text(`lists.${id}`) }))}
        open={list}
        onOpen={setList}
        actions={
          <>
            {list === 'decisions' && (
              <Choice
                inline
                filter
                label={text('lists.filter')}
                value={outcome ?? 'all'}
                options={FILTERS.map(value => ({
                  value,
                  words: text(value === 'all' ? 'lists.all' : `outcome.${value}`),
                }))}
                onChange={value => setQuery({ outcome: value === 'all' ? null : value })}
              />
            )}
            {list !== 'fills' && (
              <CsvButton
                name={list}
                path={`/api/${list}`}
                query={{ run, ...(list === 'decisions' ? { outcome } : {}) }}
              />
            )}
          </>
        }
      >
        {list === 'decisions' && (
          <DecisionList key={outcome ?? ''} run={run} outcome={outcome} open={open} onOpen={onOpen} />
        )}
        {list === 'trades' && <TradeList run={run} open={open} onOpen={onOpen} />}
        {list === 'fills' && <FillList run={run} />}
      </Tabs>
    </section>
  )
}
