// The gates in order, each with what it asks, what it found and where its limit lies; then training's own floors.

import type { GateView } from '../../../src/api/schemas/common.ts'
import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { figure, short } from '../base/format.ts'
import { instant } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Empty } from '../kit/states.tsx'
import { Tag, type Tone } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'

const TONE: Readonly<Record<GateView['result'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  notApplicable: 'plain',
  error: 'bad',
}

const HASH = /^[0-9a-f]{32,}$/

const valueWords = (value: GateView['value']): string =>
  value === null ? '' : typeof value === 'number' ? figure(value) : HASH.test(value) ? short(value) : value

const COLUMNS: readonly Column<GateView>[] = [
  { id: 'gate', header: text('gates.gate'), cell: ({ gate }) => <strong className="whitespace-nowrap">{gate}</strong> },
  {
    id: 'asks',
    header: text('gates.asks'),
    cell: ({ asks, reason, overridden }) => (
      <div className="min-w-44">
        {asks}
        {reason !== null && <span className="block text-mute">{reason}</span>}
        {overridden !== null && <span className="block text-ink">{text('gates.overridden', overridden)}</span>}
      </div>
    ),
  },
  { id: 'value', header: text('why.value'), figure: true, cell: ({ value }) => valueWords(value) },
  { id: 'limit', header: text('why.limit'), figure: true, cell: ({ limit }) => valueWords(limit) },
  {
    id: 'result',
    header: text('gates.result'),
    cell: ({ result, paper, overridden }) => (
      <span className="flex flex-col items-start gap-0.5">
        <Tag tone={TONE[result]}>{text(`gates.${result}`)}</Tag>
        {paper && <Tag tone="warn">{text('gates.paper')}</Tag>}
        {overridden !== null && <Tag tone="warn">{text('gates.aside')}</Tag>}
      </span>
    ),
  },
]

export function GateTables({ release: { gates, gatesAt, floors, notRun } }: { readonly release: ReleaseDetail }) {
  const { zone } = usePreferences()
  return (
    <div className="-mx-3 flex flex-col gap-3">
      {gates.length === 0 ? (
        <div className="px-3">
          <Empty title={text('gates.none')}>{text('gates.none.why')}</Empty>
        </div>
      ) : (
        <>
          <DataTable label={text('gates.label')} columns={COLUMNS} rows={gates} keyOf={({ gate }) => gate} />
          <p className="px-3 text-mute text-xs">
            {text('gates.at', { at: instant(gatesAt, zone) })}{' '}
            {notRun.length > 0 && text('gates.notRun', { gates: notRun.join(', ') })} {text('gates.paper.why')}
          </p>
        </>
      )}
      {floors.length > 0 && (
        <>
          <h3 className="px-3 font-semibold text-xs">{text('gates.floors')}</h3>
          <DataTable label={text('gates.floors')} columns={COLUMNS} rows={floors} keyOf={({ gate }) => gate} />
        </>
      )}
    </div>
  )
}
