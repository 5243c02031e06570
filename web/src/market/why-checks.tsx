// The rules of risk, each with what it measured and its limit.

import type { Explanation } from '../../../src/api/schemas/market.ts'
import { Icon } from '../kit/icon.tsx'
import { text } from '../texts/text.ts'
import { checkFigure } from './check-units.ts'
import { WhyPart } from './why-part.tsx'

export function WhyChecks({ explanation: { checks } }: { readonly explanation: Explanation }) {
  if (checks.length === 0) return <WhyPart title={text('why.checks')}>{text('why.checks.none')}</WhyPart>
  return (
    <WhyPart title={text('why.checks')}>
      <table className="w-full">
        <thead className="text-left text-mute">
          <tr>
            <th scope="col" className="font-normal">
              {text('why.rule')}
            </th>
            <th scope="col" className="text-right font-normal">
              {text('why.value')}
            </th>
            <th scope="col" className="text-right font-normal">
              {text('why.limit')}
            </th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ rule, code, passed, value, limit }, i) => (
            <tr key={`${rule} ${code} ${i}`} className={passed ? '' : 'bg-loss-wash'}>
              <td className="py-0.5">
                <span className={`inline-flex items-center gap-1.5 ${passed ? 'text-gain' : 'text-loss'}`}>
                  <Icon name={passed ? 'check' : 'cross'} size={12} />
                  <span className="sr-only">{text(passed ? 'why.passed' : 'why.failed')}</span>
                </span>{' '}
                <code className="text-2xs">{code}</code> <span className="text-2xs text-mute">{rule}</span>
              </td>
              <td className="text-right">{checkFigure(code, value)}</td>
              <td className="text-right text-mute">{checkFigure(code, limit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </WhyPart>
  )
}
