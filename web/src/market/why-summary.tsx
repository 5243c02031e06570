// The decision in one sentence, its reasons, and what came of it.

import type { Explanation } from '../../../src/api/schemas/market.ts'
import { fixed, percent, signedFixed, signedMoney } from '../base/format.ts'
import { instant } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { Figure } from '../kit/figure.tsx'
import { Hypothetical } from '../kit/hypothetical.tsx'
import { text } from '../texts/text.ts'
import { OutcomeTag } from './outcome-tag.tsx'
import { WhyPart } from './why-part.tsx'

export function WhySummary({
  explanation: { decision, summary, price, reasons, stop, target, trade, expectedR },
}: {
  readonly explanation: Explanation
}) {
  const { zone } = usePreferences()
  return (
    <>
      <div className="flex flex-col gap-2">
        <p className="flex items-center gap-2">
          <OutcomeTag outcome={decision.outcome} />
          <time className="text-mute">{instant(decision.at, zone)}</time>
        </p>
        <p className="text-sm">{summary}</p>
        <dl className="grid grid-cols-3 gap-3">
          <Figure term="price" size="small" label={text('why.price')} value={fixed(price, 2)} />
          <Figure
            size="small"
            label={text('word.confidence')}
            term="confidence"
            value={percent(decision.confidence, 0)}
          />
          <Figure
            size="small"
            label={text('why.expectedR')}
            term="rMultiple"
            value={expectedR === null ? 'N/A' : `${signedFixed(expectedR, 3)} R`}
          />
          {stop !== null && <Figure term="stop" size="small" label={text('level.stop')} value={fixed(stop, 2)} />}
          {target !== null && (
            <Figure term="target" size="small" label={text('level.target')} value={fixed(target, 2)} />
          )}
          <Figure size="small" label={text('word.regime')} term="regime" value={decision.regime} />
        </dl>
      </div>
      {reasons.length > 0 && (
        <WhyPart title={text(decision.outcome === 'enter' ? 'why.reasons' : 'why.noTrade')}>
          <ul className="flex flex-col gap-1">
            {reasons.map(({ code, text: words }) => (
              <li key={code}>
                {words} <code className="text-2xs text-mute">{code}</code>
              </li>
            ))}
          </ul>
        </WhyPart>
      )}
      {trade !== null && (
        <WhyPart title={text('why.outcome')}>
          <p>
            {text('why.closed', {
              by: text(`exit.${trade.exitReason}`),
              at: instant(trade.exitTime, zone),
              price: fixed(trade.exit, 2),
            })}{' '}
            <strong className={trade.net > 0 ? 'text-gain' : 'text-loss'}>{signedMoney(trade.net)}</strong>{' '}
            {text('why.closed.r', { r: signedFixed(trade.r, 2), costs: signedMoney(-trade.costs) })} <Hypothetical />
          </p>
        </WhyPart>
      )}
    </>
  )
}
