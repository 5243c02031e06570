// Bars beside their numbers: a table that can be seen at a glance.

import { count, number } from './format.ts'
import { type Html, html } from './html.ts'
import type { BarPlot } from './report.ts'
import { note, scroller } from './table.ts'
import { shareOf } from './ticks.ts'

const percent = (share: number): string => `${Math.round(share * 1e4) / 100}%`

export function barPlot({ title, unit, digits, bars, of, note: text }: BarPlot): Html {
  const values = bars.map(({ value }) => value)
  const axis = { low: Math.min(0, ...values), high: Math.max(0, ...values) }
  const signed = axis.low < 0
  const zero = shareOf(0, axis)
  const rows = bars.map(({ label, value, n }) => {
    const end = shareOf(value, axis)
    const bar = html`<rect class="${value < 0 ? 'below-zero' : 'above-zero'}" x="${percent(Math.min(zero, end))}" width="${percent(Math.abs(end - zero))}" y="2" height="12"/>`
    const middle = html`<line class="zero" x1="${percent(zero)}" x2="${percent(zero)}" y1="0" y2="16"/>`
    return html`<tr><th scope="row">${label}</th><td class="bar"><svg width="100%" height="16" aria-hidden="true">${bar}${middle}</svg></td><td class="right"><span class="number">${number(value, { digits, signed })}</span></td>${
      of === undefined ? undefined : html`<td class="right">${n === undefined ? '' : count(n)}</td>`
    }</tr>`
  })
  const counts = of === undefined ? undefined : html`<th scope="col" class="right">${of}</th>`
  const value = unit === '' ? 'Value' : unit
  return html`<div class="block"><h3>${title}</h3>${scroller(
    title,
    html`<table class="bars"><thead><tr><th scope="col">Name</th><td></td><th scope="col" class="right">${value}</th>${counts}</tr></thead><tbody>${rows}</tbody></table>`,
  )}${note(text)}</div>`
}
