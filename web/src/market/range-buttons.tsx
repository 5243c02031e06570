// How much of the history is on the chart.

import { Button } from '../kit/button.tsx'
import { text } from '../texts/text.ts'

const RANGES = [
  { id: 'range.newest', bars: 90 },
  { id: 'range.more', bars: 320 },
  { id: 'range.many', bars: 1260 },
  { id: 'range.all', bars: null },
] as const

type RangeButtonsProps = { readonly onShow: (newest: number | null) => void; readonly onZoom: (factor: number) => void }

export function RangeButtons({ onShow, onZoom }: RangeButtonsProps) {
  return (
    <fieldset aria-label={text('range.label')} className="flex gap-1">
      {RANGES.map(({ id, bars }) => (
        <Button key={id} kind="bare" onClick={() => onShow(bars)}>
          {text(id)}
        </Button>
      ))}
      <Button kind="bare" aria-label={text('range.in')} onClick={() => onZoom(0.6)}>
        +
      </Button>
      <Button kind="bare" aria-label={text('range.out')} onClick={() => onZoom(1.6)}>
        −
      </Button>
    </fieldset>
  )
}
