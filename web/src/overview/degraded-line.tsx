// What works less well than it should, and what goes on meanwhile (RSL-03). Nothing where all is well.

import { useQuery } from '@tanstack/react-query'
import { readyQuery } from '../api/queries.ts'
import { Icon } from '../kit/icon.tsx'
import { text } from '../texts/text.ts'

export function DegradedLine() {
  const { data = [] } = useQuery(readyQuery())
  const bad = data.filter(({ state }) => state === 'degraded' || state === 'down')
  if (bad.length === 0) return null
  return (
    <section
      aria-label={text('degraded.label')}
      className="flex items-start gap-2 rounded-md border border-strong-line bg-sunk px-3 py-1.5 text-sm"
    >
      <span className="mt-0.5 text-loss">
        <Icon name="warn" size={14} />
      </span>
      <ul className="min-w-0">
        {bad.map(({ name, state, detail, degradedMode }) => (
          <li key={name}>
            <strong>{text(`degraded.${state === 'down' ? 'down' : 'degraded'}`, { name })}</strong> {degradedMode}.{' '}
            <span className="break-words text-mute">{detail}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
