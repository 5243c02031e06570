// From equity to lots, step by step.

import type { Explanation } from '../../../src/api/schemas/market.ts'
import { figure, money } from '../base/format.ts'
import { text } from '../texts/text.ts'
import { WhyPart } from './why-part.tsx'

export function WhySizing({ sizing }: Pick<Explanation, 'sizing'>) {
  if (sizing === null) return null
  return (
    <WhyPart title={text('why.sizing')}>
      <ol className="flex flex-col gap-0.5">
        {sizing.map(({ step, value, unit }, i) => (
          <li
            key={step}
            className={`flex justify-between gap-3 ${i === sizing.length - 1 ? 'border-line border-t pt-1 font-semibold' : ''}`}
          >
            <span className="text-soft">{step}</span>
            <span>{unit === 'USD' ? money(value) : `${figure(value)} ${unit === 'x' ? '×' : unit}`}</span>
          </li>
        ))}
      </ol>
    </WhyPart>
  )
}
