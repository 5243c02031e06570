// A part of an explanation under its heading.

import type { ReactNode } from 'react'

export function WhyPart({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 border-line border-b pb-1 font-semibold text-2xs text-mute uppercase tracking-wider">
        {title}
      </h3>
      {children}
    </section>
  )
}
