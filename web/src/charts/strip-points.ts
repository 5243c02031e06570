// What the strips under the candles show of a bar. Height says it as well as colour: no strip speaks by colour alone.

import type { HistogramData, Time } from 'lightweight-charts'
import type { ChartBar } from '../live/picture.ts'
import { type Colors, faded } from './theme-colors.ts'

export function volumePoint(bar: ChartBar, time: Time, colors: Colors): HistogramData {
  return { time, value: bar.volume, color: faded(colors.mute, 0.35) }
}

/** Abstained without an opinion: a low tick. An opinion: as high as it is sure; filled where it was acted on. */
export function confidencePoint({ decision }: ChartBar, time: Time, colors: Colors): HistogramData {
  if (decision === null) return { time, value: 0, color: 'transparent' }
  const { confidence, outcome } = decision
  if (outcome === 'enter' || outcome === 'exit') return { time, value: confidence ?? 1, color: colors.steel }
  if (outcome === 'refused') return { time, value: confidence ?? 0.5, color: colors.loss }
  if (outcome === 'hold') return { time, value: confidence ?? 0.3, color: faded(colors.steel, 0.5) }
  return { time, value: confidence ?? 0.08, color: faded(colors.mute, confidence === null ? 0.45 : 0.8) }
}

const REGIMES: Readonly<Record<string, { readonly height: number; readonly color: 'series-1' | 'series-2' | 'loss' }>> =
  {
    Range: { height: 1, color: 'series-1' },
    Trend: { height: 2, color: 'series-2' },
    Vol: { height: 3, color: 'loss' },
  }

/** The higher, the wilder: range, trend, volatile. */
export function regimePoint({ decision }: ChartBar, time: Time, colors: Colors): HistogramData {
  const regime = decision === null ? undefined : REGIMES[decision.regime]
  if (regime === undefined) return { time, value: 0, color: 'transparent' }
  return { time, value: regime.height, color: faded(colors[regime.color], 0.7) }
}
