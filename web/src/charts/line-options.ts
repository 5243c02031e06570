// How uPlot draws our lines: quiet grid, right-hand scale, colours of the theme.

import type uPlot from 'uplot'
import type { LineChartProps } from './line-chart.tsx'
import { type Colors, faded } from './theme-colors.ts'

/** uPlot numbers the sides clockwise from the top. */
const onRight = (axis: uPlot.Axis): uPlot.Axis => Object.assign(axis, { side: 1 })
const FONT = '11px system-ui, sans-serif'

export function lineOptions(
  { lines, height, time = false, format, formatTick }: LineChartProps,
  colors: Colors,
  width: number,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colors.mute,
    font: FONT,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
  }
  return {
    width: Math.max(50, width),
    height,
    padding: [8, 4, 0, 12],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: { x: { time }, y: { range: rangeOf } },
    axes: [
      { ...axis, size: heightOf, space: 64 },
      onRight({ ...axis, size: 60, space: 28, values: (_, ticks) => ticks.map(tick => (formatTick ?? format)(tick)) }),
    ],
    series: [
      {},
      ...lines.map(({ name, color, dash, fill, points, joined }) => ({
        label: name,
        stroke: colors[color],
        width: 1.5,
        spanGaps: joined ?? false,
        points: { show: points ?? false, size: 5 },
        ...(dash === undefined ? {} : { dash: [...dash] }),
        ...(fill === true ? { fill: faded(colors[color], 0.16) } : {}),
      })),
    ],
    hooks: { setCursor: [chart => onCursor(chart.cursor.idx ?? null)] },
    tzDate: seconds => {
      // The axis writes local dates; sessions and instants are shown in UTC there.
      const utc = new Date(seconds * 1000)
      return new Date(utc.getTime() + utc.getTimezoneOffset() * 60_000)
    },
  }
}

/** Ticks of time may have a second line: the year below the month. */
const heightOf = (_: uPlot, ticks: readonly string[] | null): number =>
  ticks?.some(tick => tick?.includes('\n')) === true ? 38 : 24

/** A little air; a flat line keeps a scale around it. */
function rangeOf(_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1]
  const pad = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1
  return [low - pad, high === 0 ? 0 : high + pad]
}
