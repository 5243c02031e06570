// A table of splits and dividends: `date` (the ex-date), `kind` and `value`.

import { Fault } from '../base/fault.ts'
import type { CorporateAction } from './corporate-actions.ts'
import type { RowSource } from './rows.ts'
import { parseTimestamp } from './timestamp.ts'

const COLUMNS = ['date', 'kind', 'value'] as const

/** Faults: `DATA_COLUMN_MISSING`, `DATA_ACTION_INVALID` with the line: one wrong factor would be in every price before it. */
export async function readActions(source: RowSource): Promise<readonly CorporateAction[]> {
  const names = source.columns.map(name => name.trim().toLowerCase())
  const [date, kind, value] = COLUMNS.map(name => {
    const index = names.indexOf(name)
    if (index >= 0) return index
    throw new Fault('DATA_COLUMN_MISSING', `no column "${name}" in the header (${source.columns.join(', ')})`, {
      place: `${source.name}:1`,
      fix: 'give the columns date (the ex-date), kind (split or dividend) and value',
    })
  }) as [number, number, number]
  const actions: CorporateAction[] = []
  for await (const { line, cells } of source.rows()) {
    const time = parseTimestamp(cells[date] ?? '')
    const amount = Number(cells[value]?.trim() || Number.NaN)
    const what = cells[kind]?.trim().toLowerCase()
    if (
      time.kind !== 'label' ||
      !(amount > 0 && Number.isFinite(amount)) ||
      (what !== 'split' && what !== 'dividend')
    ) {
      throw new Fault('DATA_ACTION_INVALID', `"${cells.join(',').slice(0, 80)}" is no split or dividend`, {
        place: `${source.name}:${line}`,
        fix: 'write a date, split or dividend, and a value above 0: 2014-06-09,split,7 or 2014-05-08,dividend,3.29',
      })
    }
    const exDate = time.label
    actions.push(what === 'split' ? { exDate, kind: what, ratio: amount } : { exDate, kind: what, amount })
  }
  return actions
}
