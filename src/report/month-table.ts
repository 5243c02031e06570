// A value a month, years downwards: shaded by size, told apart by sign.

import { number } from './format.ts'
import { type Html, html } from './html.ts'
import type { MonthTable } from './report.ts'
import { note, scroller } from './table.ts'

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const SHADES = 4

/** `up-1` to `up-4` and `down-1` to `down-4`; the largest is the darkest, and what reads as 0 has none. */
export function shade(value: number, largest: number, digits: number): string {
  if (Number(value.toFixed(digits)) === 0) return 'level'
  const depth = Math.min(SHADES, Math.max(1, Math.ceil((Math.abs(value) / largest) * SHADES)))
  return `${value > 0 ? 'up' : 'down'}-${depth}`
}

export function monthTable({ title, unit, digits, years, note: text }: MonthTable): Html {
  const style = { digits, signed: true }
  const largest = Math.max(0, ...years.flatMap(({ months }) => months.map(month => Math.abs(month ?? 0))))
  const cell = (value: number | null): Html =>
    value === null
      ? html`<td class="right">·</td>`
      : html`<td class="right ${shade(value, largest, digits)}">${number(value, style)}</td>`
  const rows = years.map(
    ({ year, months, whole }) =>
      html`<tr><th scope="row">${year}</th>${months.map(cell)}<td class="right whole">${whole === null ? '·' : number(whole, style)}</td></tr>`,
  )
  const heads = [...NAMES, 'Year'].map(name => html`<th scope="col" class="right">${name}</th>`)
  return html`<div class="block"><h3>${title}</h3>${scroller(
    title,
    html`<table class="months"><thead><tr><th scope="col">${unit}</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  )}${note(text)}</div>`
}
