// The terms of a report: each label with a definition shows it on hover and leads to the list at the end (WEB-02).

import { type Html, html } from './html.ts'
import type { Block, Cell, Report, Term } from './report.ts'

export type Terms = {
  /** The label, with its definition where there is one. */
  readonly label: (text: string) => Html
  readonly list: readonly { readonly id: string; readonly label: string; readonly meaning: string }[]
}

const isTerm = (cell: Cell): cell is Term => typeof cell === 'object' && 'label' in cell

function labelsOf(block: Block): readonly Term[] {
  if (block.kind === 'figures') return block.figures
  return block.kind === 'table' ? [...block.columns, ...block.rows.flat().filter(isTerm)] : []
}

/** For tables without definitions. */
export const noTerms: Terms = { list: [], label: text => html`${text}` }

/** The first definition of a label counts. */
export function termsOf({ sections }: Report): Terms {
  const found = new Map<string, string>()
  for (const { label, meaning } of sections.flatMap(({ blocks }) => blocks.flatMap(labelsOf))) {
    if (meaning !== undefined && !found.has(label)) found.set(label, meaning)
  }
  const list = Array.from(found, ([label, meaning], at) => ({ id: `term-${at + 1}`, label, meaning }))
  const byLabel = new Map(list.map(term => [term.label, term]))
  return {
    list,
    label(text) {
      const term = byLabel.get(text)
      if (term === undefined) return html`${text}`
      return html`<a class="term" href="#${term.id}" title="${term.meaning}">${text}</a>`
    },
  }
}
