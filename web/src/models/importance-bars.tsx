// Which columns a model leans on; to the left of the line it would do better without.

import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { signedFixed } from '../base/format.ts'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'

type Importance = ReleaseDetail['roles'][number]['importance']

export function ImportanceBars({ importance }: { readonly importance: Importance }) {
  const sorted = [...importance].sort((a, b) => b.value - a.value)
  const most = Math.max(...sorted.map(({ value }) => Math.abs(value)), 1e-12)
  const lowest = Math.min(0, ...sorted.map(({ value }) => value)) / most
  const width = 1 - lowest
  return (
    <section aria-label={text('word.importance')}>
      <h3 className="mb-1 font-semibold text-xs">
        <Term name="importance">{text('word.importance')}</Term>
      </h3>
      <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-2 gap-y-0.5 text-2xs">
        {sorted.map(({ column, value }) => (
          <div key={column} className="contents">
            <dt className="text-soft">{column}</dt>
            <dd aria-hidden="true" className="relative h-2.5 bg-sunk">
              <span
                className={`absolute inset-y-0 ${value < 0 ? 'bg-series-2' : 'bg-series-1'}`}
                style={{
                  left: `${((Math.min(0, value / most) - lowest) / width) * 100}%`,
                  width: `${(Math.abs(value / most) / width) * 100}%`,
                }}
              />
            </dd>
            <dd className="text-right">{signedFixed(value, 3)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
