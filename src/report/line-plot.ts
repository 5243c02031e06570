// Lines over time as SVG that fits any width without a script: paths stretch, text does not.

import { moment, number } from './format.ts'
import { type Html, html, own } from './html.ts'
import { plotFrame, type Tick } from './plot-frame.ts'
import type { Line, LinePlot } from './report.ts'
import { bareTable, note, scroller } from './table.ts'
import { thinned } from './thin.ts'
import { type Axis, axisAround, shareOf, tickDigits, timeTicks } from './ticks.ts'

/** Paths are drawn in a square of this side and stretched to the room they have. */
const SIDE = 10_000
const TABLE_ROWS = 40

const place = (share: number): number => Math.round(share * SIDE)

type Point = { readonly x: number; readonly y: number }

/** Unbroken stretches of a line. */
function stretches({ values }: Line, times: readonly number[], x: Pick<Axis, 'low' | 'high'>, y: Axis): Point[][] {
  const made: Point[][] = [[]]
  for (const [i, value] of values.entries()) {
    if (value === null) made.push([])
    else made.at(-1)!.push({ x: place(shareOf(times[i]!, x)), y: SIDE - place(shareOf(value, y)) })
  }
  return made.filter(points => points.length > 0)
}

function pathOf(points: readonly Point[], shape: Line['shape']): string {
  const [first, ...rest] = points
  const steps = rest.map(({ x, y }) => (shape === 'step' ? `H${x}V${y}` : `L${x} ${y}`)).join('')
  // A single point would not be seen.
  return `M${first!.x} ${first!.y}${steps}${rest.length === 0 ? 'h1' : ''}`
}

function drawn(line: Line, at: number, plot: LinePlot, x: Pick<Axis, 'low' | 'high'>, y: Axis): Html {
  const parts = stretches(line, plot.times, x, y)
  if (line.shape === 'points') {
    // A stroke of no length with round ends is a dot, whatever the plot is stretched to.
    const dots = parts.flat().map(point => `M${point.x} ${point.y}h0`)
    return html`<path class="line mark line-${at + 1}" d="${own(dots.join(''))}"/>`
  }
  const stroke = parts.map(points => pathOf(points, line.shape)).join('')
  const floor = SIDE - place(shareOf(Math.min(Math.max(0, y.low), y.high), y))
  const filled = parts.map(points => `${pathOf(points, line.shape)}V${floor}H${points[0]!.x}Z`).join('')
  const area = line.shape === 'area' ? html`<path class="fill line-${at + 1}" d="${own(filled)}"/>` : undefined
  return html`${area}<path class="line line-${at + 1}" d="${own(stroke)}"/>`
}

/** Where each line begins and ends and how far it ran, in words: what a glance at the plot would tell. */
function described({ title, unit, digits, times, shows, lines }: LinePlot): string {
  const of = (value: number) => number(value, { unit, digits })
  const day = (i: number) => moment({ time: times[i]!, shows })
  const sentences = lines.map(({ label, values }) => {
    const known = values.flatMap((value, i) => (value === null ? [] : [{ value, i }]))
    const [first, last] = [known[0], known.at(-1)]
    if (first === undefined || last === undefined) return `${label}: no values.`
    const low = known.reduce((a, b) => (b.value < a.value ? b : a))
    const high = known.reduce((a, b) => (b.value > a.value ? b : a))
    return `${label}: from ${of(first.value)} on ${day(first.i)} to ${of(last.value)} on ${day(last.i)}, lowest ${of(low.value)} on ${day(low.i)}, highest ${of(high.value)} on ${day(high.i)}.`
  })
  return `${title}. ${sentences.join(' ')}`
}

/** The plot as a table: few rows, every extreme among them. */
function asTable({ title, unit, digits, times, shows, lines }: LinePlot): Html {
  const values = lines.map(line => line.values)
  const rows = thinned(values, TABLE_ROWS).map(i => [
    { time: times[i]!, shows },
    ...values.map(line => ({ value: line[i] ?? null, unit, digits })),
  ])
  const columns = [{ label: 'Time' }, ...lines.map(({ label }) => ({ label }))]
  const name = `${title}, as a table`
  return html`<details><summary>${name}</summary>${note(
    rows.length < times.length
      ? `${rows.length} of ${times.length} points; the JSON beside this page has them all.`
      : undefined,
  )}${scroller(name, bareTable({ columns, rows }))}</details>`
}

const legend = ({ lines }: LinePlot): Html | undefined =>
  lines.length < 2
    ? undefined
    : html`<p class="legend">${lines.map(({ label, shape }, at) =>
        shape === 'points'
          ? html`<span><svg width="12" height="10" aria-hidden="true"><path class="line mark line-${at + 1}" d="M6 5h0"/></svg> ${label}</span>`
          : html`<span><svg width="28" height="10" aria-hidden="true"><line class="line line-${at + 1}" x1="0" x2="28" y1="5" y2="5"/></svg> ${label}</span>`,
      )}</p>`

export function linePlot(plot: LinePlot): Html {
  const { title, unit, times, lines } = plot
  const x = { low: times[0] ?? 0, high: times.at(-1) ?? 0 }
  const y = axisAround(lines.flatMap(({ values }) => values.filter(value => value !== null)))
  const yTicks = y.ticks.map(
    (tick): Tick => ({
      share: shareOf(tick, y),
      text: number(tick, { unit, digits: tickDigits(y) }),
      strong: tick === 0,
    }),
  )
  const xTicks = timeTicks(x.low, x.high).map(({ time, text }): Tick => ({ share: shareOf(time, x), text }))
  const content = html`<svg viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" width="100%" height="100%">${lines
    .map((line, at) => drawn(line, at, plot, x, y))
    .reverse()}</svg>`
  return html`<figure class="block"><figcaption><h3>${title}</h3>${legend(plot)}</figcaption>${plotFrame({
    name: described(plot),
    height: 240,
    content,
    yTicks,
    xTicks,
  })}${note(plot.note)}${asTable(plot)}</figure>`
}
