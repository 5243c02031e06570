// The bar under the pointer: prices, what was decided on it, and by whom.

import { fixed } from '../base/format.ts'
import type { ChartBar } from '../live/picture.ts'
import { text } from '../texts/text.ts'
import { decisionWords } from './bar-words.ts'

type BarLegendProps = { readonly bar: ChartBar; readonly time: string; readonly decider: string }

export function BarLegend({ bar, time, decider }: BarLegendProps) {
  return (
    <div className="min-w-0 text-xs">
      <p className="flex flex-wrap gap-x-2.5">
        <span className="font-semibold">{time}</span>
        {(['open', 'high', 'low', 'close'] as const).map(id => (
          <span key={id}>
            <span className="text-mute">{text(`bar.${id}.short`)}</span> {fixed(bar[id], 2)}
          </span>
        ))}
      </p>
      <p className="truncate text-mute">
        {bar.decision === null ? text('bar.noDecision') : `${decider} · ${decisionWords(bar.decision)}`}
      </p>
    </div>
  )
}
