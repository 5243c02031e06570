// What the strategies saw and how likely the model thought each.

import type { Explanation } from '../../../src/api/schemas/market.ts'
import { fixed, percent } from '../base/format.ts'
import { Tag } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'
import { WhyPart } from './why-part.tsx'

export function WhyVotes({ explanation: { candidates, votes, decision } }: { readonly explanation: Explanation }) {
  return (
    <>
      {votes.length > 0 && (
        <WhyPart title={text('why.votes')}>
          <ul className="flex flex-col gap-1.5">
            {votes.map(({ name, probability, masked }) => (
              <li key={name} className="grid grid-cols-[7.5rem_1fr_6.5rem] items-center gap-2">
                <span className={name === decision.chosen ? 'font-semibold' : ''}>{name}</span>
                <span aria-hidden="true" className="h-2 rounded-full bg-sunk">
                  <span className="block h-full rounded-full bg-series-1" style={{ width: `${probability * 100}%` }} />
                </span>
                <span className="text-right">
                  {percent(probability, 0)}{' '}
                  <span className="text-mute">
                    {masked === null ? '' : text('why.masked', { share: percent(masked, 0) })}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </WhyPart>
      )}
      <WhyPart title={text('why.candidates')}>
        <ul className="flex flex-col gap-1">
          {candidates.map(({ strategy, side, strength, fired }) => (
            <li key={strategy} className="grid grid-cols-[7.5rem_1fr_auto] items-center gap-2">
              <span>{strategy}</span>
              <span className="text-mute">
                {text(side === 1 ? 'side.long' : 'side.short')},{' '}
                {text('why.strength', { strength: fixed(strength, 2) })}
              </span>
              {fired ? <Tag tone="steel">{text('why.fired')}</Tag> : <Tag>{text('why.quiet')}</Tag>}
            </li>
          ))}
        </ul>
      </WhyPart>
    </>
  )
}
