// The mark of figures that were not traded.

import { text } from '../texts/text.ts'

export function Hypothetical() {
  return (
    <abbr
      title={text('mark.hypothetical.why')}
      className="rounded-sm border border-strong-line border-dashed px-1 font-medium text-2xs text-soft no-underline"
    >
      {text('mark.hypothetical')}
    </abbr>
  )
}
