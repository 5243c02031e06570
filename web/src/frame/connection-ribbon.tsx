// What has to be known before any figure on the page is believed: that the connection is gone and how old everything is.

import { useEffect, useState } from 'react'
import { span } from '../base/time.ts'
import { every, now } from '../browser/clock.ts'
import { Icon } from '../kit/icon.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'

export function ConnectionRibbon() {
  const lost = useLive(({ link }) => link === 'lost')
  const heardAt = useLive(({ link, heardAt }) => (link === 'lost' ? heardAt : null))
  const [at, setAt] = useState(now)
  useEffect(() => (lost ? every(1000, () => setAt(now())) : undefined), [lost])
  return (
    <output className="block">
      {lost && (
        <p className="flex items-center gap-2 border-strong-line border-b bg-sunk px-4 py-1.5 font-medium text-soft text-sm">
          <Icon name="warn" />
          {heardAt === null ? text('link.never') : text('link.lost', { age: span(Math.max(0, at - heardAt)) })}
        </p>
      )}
    </output>
  )
}
