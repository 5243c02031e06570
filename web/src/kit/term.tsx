// A word of the field, with its definition under the pointer; the keyboard finds all of them in the help.

import type { ReactNode } from 'react'
import { text } from '../texts/text.ts'
import type { TermName } from './terms.ts'

export function Term({ name, children }: { readonly name: TermName; readonly children: ReactNode }) {
  return (
    <dfn
      title={text(`term.${name}`)}
      className="cursor-help not-italic underline decoration-strong-line decoration-dotted underline-offset-3"
    >
      {children}
    </dfn>
  )
}
