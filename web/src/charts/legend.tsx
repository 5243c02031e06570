// Names of lines with their stroke and the figure at the pointer, or the newest one.

import type { Line } from './line-chart.tsx'

type LegendProps = {
  readonly lines: readonly Line[]
  readonly at: number
  /** Where the pointer is, in words; null where it is not on the chart. */
  readonly x: string | null
  readonly format: (value: number | null | undefined) => string
}

export function Legend({ lines, at, x, format }: LegendProps) {
  return (
    <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 pt-2 pb-1 text-xs">
      {lines.map(({ name, label, color, dash, values }) => (
        <span key={name} className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="6" className="shrink-0">
            <line
              x1="0"
              y1="3"
              x2="18"
              y2="3"
              stroke={`var(--color-${color})`}
              strokeWidth="2"
              strokeDasharray={dash?.join(' ')}
            />
          </svg>
          <span className="text-mute">{label}</span>
          <span className="font-medium">{format(values[at])}</span>
        </span>
      ))}
      {x !== null && <span className="ml-auto text-mute">{x}</span>}
    </figcaption>
  )
}
