// How far each column of the rows that a release was judged on has moved from those it was fitted on.

import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { fixed } from '../base/format.ts'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'

/** Columns shown; the rest has moved less. */
const SHOWN = 12
/** A PSI from which a column warns, and one from which it counts as another market (`drift.psiWarn`, `drift.psiTrigger`). */
const LINES = [0.2, 0.3]

export function DriftBars({ drift }: { readonly drift: NonNullable<ReleaseDetail['drift']> }) {
  const rows = [{ name: text('drift.labels'), psi: drift.labels }, ...drift.columns.slice(0, SHOWN)]
  const most = Math.max(0.35, ...rows.map(({ psi }) => psi))
  return (
    <section aria-label={text('drift.title')}>
      <h3 className="mb-1 font-semibold text-xs">
        <Term name="psi">{text('drift.title')}</Term>
      </h3>
      <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-2 gap-y-0.5 text-2xs md:max-w-xl">
        {rows.map(({ name, psi }) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd aria-hidden="true" className="relative h-2.5 bg-sunk">
              <span
                className={`absolute inset-y-0 left-0 ${psi >= LINES[0]! ? 'bg-series-2' : 'bg-series-1'}`}
                style={{ width: `${(psi / most) * 100}%` }}
              />
              {LINES.map(line => (
                <span
                  key={line}
                  className="absolute inset-y-0 w-px bg-ink"
                  style={{ left: `${(line / most) * 100}%` }}
                />
              ))}
            </dd>
            <dd className="text-right">
              {fixed(psi, 3)}
              {psi >= LINES[1]! ? ` ${text('drift.moved')}` : psi >= LINES[0]! ? ` ${text('drift.warn')}` : ''}
            </dd>
          </div>
        ))}
      </dl>
      <p className="pt-1 text-2xs text-mute">{text('drift.key')}</p>
    </section>
  )
}
