// How much of the history is on the chart. The address keeps which.

import { Button } from '../kit/button.tsx'
import { text } from '../texts/text.ts'

const RANGES = { newest: 90, more: 320, many: 1260, all: null } as const
export type Range = keyof typeof RANGES

export const USUAL: Range = 'more'

/** Newest bars on the chart; null: all. */
export const rangeOf = (name: string | undefined): number | null =>
  RANGES[name !== undefined && Object.hasOwn(RANGES, name) ? (name as Range) : USUAL]

type RangeButtonsProps = {
  readonly onShow: (range: Range, newest: number | null) => void
  readonly onZoom: (factor: number) => void
}

export function RangeButtons({ onShow, onZoom }: RangeButtonsProps) {
  return (
    <fieldset aria-label={text('range.label')} className="flex gap-1">
      {(Object.keys(RANGES) as Range[]).map(range => (
        <Button key={range} kind="bare" onClick={() => onShow(range, RANGES[range])}>
          {text(`range.${range}`)}
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
