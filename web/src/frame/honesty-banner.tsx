// What is real here and what is not, in the words of the server; it cannot be closed.

import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'

const NONE: readonly string[] = []

export function HonestyBanner() {
  const banner = useLive(({ picture }) => picture?.status.banner ?? NONE)
  if (banner.length === 0) return null
  return (
    <aside aria-label={text('banner.label')} className="border-line border-b bg-brass-wash px-4 py-1 text-soft text-xs">
      {banner.join(' ')}
    </aside>
  )
}
