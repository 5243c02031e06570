// What the signs and strips of the chart mean.

import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'

export function ChartKey() {
  return (
    <figcaption className="flex flex-wrap gap-x-4 gap-y-0.5 px-3 pt-1 pb-2 text-2xs text-mute">
      <span>{text('key.candles')}</span>
      <span>{text('key.bands')}</span>
      <span>
        <Term name="confidence">{text('key.confidence')}</Term> {text('key.confidence.how')}
      </span>
      <span>
        <Term name="regime">{text('key.regime')}</Term> {text('key.regime.how')}
      </span>
      <a className="ml-auto underline" href="https://www.tradingview.com/" rel="noreferrer">
        {text('key.by')}
      </a>
    </figcaption>
  )
}
