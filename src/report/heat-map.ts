// A number for each pair of two choices, shaded like months: which corner a result comes from is seen at a glance.

import { number } from './format.ts'
import { type Html, html } from './html.ts'
import { shade } from './month-table.ts'
import type { HeatMap } from './report.ts'
import { note, scroller } from './table.ts'

export function heatMap({ title, unit, digits, across, down, cells, note: text }: HeatMap): Html {
  const known = cells.flat().filter(value => value !== null)
  const largest = Math.max(0, ...known.map(Math.abs))
  const style = { digits, signed: true }
  const cell = (value: number | null): Html =>
    value === null
      ? html`<td class="right">N/A</td>`
      : html`<td class="right ${shade(value, largest, digits)}">${number(value, style)}</td>`
  const rows = cells.map((row, at) => html`<tr><th scope="row">${down.values[at]}</th>${row.map(cell)}</tr>`)
  const heads = across.values.map(value => html`<th scope="col" class="right">${value}</th>`)
  const corner = `${unit}, ${down.label} by ${across.label}`
  return html`<div class="block"><h3>${title}</h3>${scroller(
    title,
    html`<table class="months"><thead><tr><th scope="col">${corner}</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  )}${note(text)}</div>`
}
