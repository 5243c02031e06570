// Tables that scroll sideways on narrow pages instead of being cut, and can be reached by keyboard there.

import { cell, isNumber } from './amount.ts'
import { count } from './format.ts'
import { type Html, html } from './html.ts'
import type { Cell, Table } from './report.ts'
import { noTerms, type Terms } from './terms.ts'

/** Longer texts may be broken into lines. */
const LONG = 28

/** Tables of more columns are set smaller on paper. */
const WIDE = 10

/** Wraps a wide thing; `name` says what it is to who cannot see it. */
export const scroller = (name: string, content: Html): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${name}">${content}</div>`

/** Which columns hold numbers: all their cells stand to the right. */
const numeric = ({ columns, rows }: Pick<Table, 'columns' | 'rows'>): boolean[] =>
  columns.map((_, at) => at > 0 && rows.some(row => isNumber(row[at])))

function kindOf(content: Cell, numbers: boolean | undefined): string {
  if (typeof content === 'string' && content.length > LONG) return 'words'
  return numbers === true ? 'right' : 'word'
}

/** The table alone. */
export function bareTable(table: Pick<Table, 'columns' | 'rows'>, terms: Terms = noTerms): Html {
  const numbers = numeric(table)
  const heads = table.columns.map(
    ({ label }, at) =>
      html`<th scope="col" class="${numbers[at] === true ? 'right' : 'word'}">${terms.label(label)}</th>`,
  )
  const rows = table.rows.map(([name = '', ...rest]) => {
    const cells = rest.map(
      (content, at) => html`<td class="${kindOf(content, numbers[at + 1])}">${cell(content, terms)}</td>`,
    )
    return html`<tr><th scope="row">${cell(name, terms)}</th>${cells}</tr>`
  })
  const kind = table.columns.length > WIDE ? 'wide' : 'usual'
  return html`<table class="${kind}"><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table>`
}

export const note = (text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<p class="note">${text}</p>`

export function tableBlock(table: Table, terms: Terms): Html {
  const { title, rows, total = rows.length } = table
  const capped = total > rows.length ? `${count(rows.length)} of ${count(total)} rows` : undefined
  return html`<div class="block"><h3>${title}</h3>${note(capped)}${scroller(title, bareTable(table, terms))}${note(table.note)}</div>`
}
