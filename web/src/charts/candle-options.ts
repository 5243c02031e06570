// The look of the candle chart in the colours of the theme.

import { ColorType, CrosshairMode, type DeepPartial, type TimeChartOptions } from 'lightweight-charts'
import type { Colors } from './theme-colors.ts'

export function chartOptions(colors: Colors, formatTime: (ms: number) => string): DeepPartial<TimeChartOptions> {
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: colors.panel },
      textColor: colors.mute,
      fontSize: 11,
      fontFamily: 'system-ui, sans-serif',
      // Its logo brings a style element of its own, which the security policy forbids; the page names the library beside the chart.
      attributionLogo: false,
      panes: { separatorColor: colors.line, separatorHoverColor: colors.line, enableResize: false },
    },
    grid: { vertLines: { color: colors.grid }, horzLines: { color: colors.grid } },
    crosshair: {
      mode: CrosshairMode.Normal,
      vertLine: { color: colors['strong-line'], labelBackgroundColor: colors.soft },
      horzLine: { color: colors['strong-line'], labelBackgroundColor: colors.soft },
    },
    rightPriceScale: { borderColor: colors.line, minimumWidth: 64 },
    timeScale: { borderColor: colors.line, rightOffset: 4, minBarSpacing: 0.05 },
    localization: { locale: 'en-US', timeFormatter: (time: unknown) => formatTime(Number(time) * 1000) },
  }
}

export const candleOptions = (colors: Colors, decimals: number) => ({
  upColor: colors.panel,
  borderUpColor: colors.gain,
  wickUpColor: colors.gain,
  downColor: colors.loss,
  borderDownColor: colors.loss,
  wickDownColor: colors.loss,
  priceLineVisible: false,
  priceFormat: { type: 'price' as const, precision: decimals, minMove: 10 ** -decimals },
})

export const stripOptions = {
  priceLineVisible: false,
  lastValueVisible: false,
  base: 0,
  priceFormat: { type: 'custom' as const, formatter: () => '', minMove: 0.01 },
}
