// Reads a chart point by point with the keyboard and aloud: a slider that only shows where it is.

import { text } from '../texts/text.ts'

type ChartReaderProps = {
  readonly label: string
  readonly last: number
  readonly at: number
  /** The point in words. */
  readonly words: string
  readonly onMove: (at: number) => void
  readonly onOpen?: () => void
}

export function ChartReader({ label, last, at, words, onMove, onOpen }: ChartReaderProps) {
  return (
    <input
      type="range"
      className="sr-only"
      aria-label={text('chart.keys', { what: label })}
      aria-valuetext={words}
      min={0}
      max={Math.max(0, last)}
      value={at}
      onChange={event => onMove(event.currentTarget.valueAsNumber)}
      onKeyDown={event => {
        if (event.key === 'Enter') onOpen?.()
      }}
    />
  )
}
