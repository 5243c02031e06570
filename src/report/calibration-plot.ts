// Reliability diagram: what was said against what came true (Murphy and Winkler 1977). On the diagonal is right.

import { number } from './format.ts'
import { type Html, html } from './html.ts'
import { plotFrame, type Tick } from './plot-frame.ts'
import type { CalibrationPlot } from './report.ts'
import { bareTable, note, scroller } from './table.ts'
import { axisAround, shareOf } from './ticks.ts'

const percent = (share: number): string => `${Math.round(share * 1e4) / 100}%`
const asPercent = (chance: number) => ({ value: 100 * chance, unit: '%', digits: 1 })

/** Both axes are the same, or the diagonal would not be what is right. */
function axisOf({ points }: CalibrationPlot) {
  const around = axisAround(points.flatMap(({ predicted, observed }) => [predicted, observed]))
  return { ...around, low: Math.max(0, around.low), high: Math.min(1, around.high) }
}

export function calibrationPlot(plot: CalibrationPlot): Html {
  const { title, points } = plot
  const axis = axisOf(plot)
  const ticks = axis.ticks
    .filter(tick => tick >= axis.low && tick <= axis.high)
    .map((tick): Tick => ({ share: shareOf(tick, axis), text: number(100 * tick, { unit: '%', digits: 0 }) }))
  const dots = points.map(
    ({ predicted, observed }) =>
      html`<circle class="dot" cx="${percent(shareOf(predicted, axis))}" cy="${percent(1 - shareOf(observed, axis))}" r="5"/>`,
  )
  const content = html`<line class="diagonal" x1="0" y1="100%" x2="100%" y2="0"/>${dots}`
  const above = points.filter(({ predicted, observed }) => observed >= predicted).length
  const name = `${title}. ${points.length} bins; in ${above} of them at least as much came true as was said.`
  const table = {
    columns: [{ label: 'Said' }, { label: 'Came true' }, { label: 'Rows' }],
    rows: points.map(({ predicted, observed, n }) => [
      asPercent(predicted),
      asPercent(observed),
      { value: n, digits: 0 },
    ]),
  }
  const alternative = `${title}, as a table`
  return html`<figure class="block"><figcaption><h3>${title}</h3><p class="legend"><span>dots: bins; dashes: said and came true alike</span></p></figcaption>${plotFrame(
    { name, height: 280, content, yTicks: ticks, xTicks: ticks, xTitle: 'said; upwards: came true', square: true },
  )}${note(plot.note)}<details><summary>${alternative}</summary>${scroller(alternative, bareTable(table))}</details></figure>`
}
