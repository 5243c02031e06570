// The laws of a feature: one definition for training and live, restored from plain data bit for bit, silent until warm, and mindful of its bar.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalendar } from '../../test/open-calendar.ts'
import { sp500Bars } from '../../test/sp500.ts'
import { DAY_MS } from '../market/bar.ts'
import { SPX } from '../market/instrument.ts'
import type { Feature, FeatureContext } from './feature.ts'

const context: FeatureContext = { instrument: SPX, calendar: openCalendar, barMs: DAY_MS }

export function checkFeature<State>(feature: Feature<State>): void {
  const { column, warmup } = feature
  const bars = sp500Bars(1200)

  const stream = (): number[] => {
    const state = feature.init(context)
    return bars.map(bar => feature.update(state, bar))
  }

  test(`${column.name}: the same bars give the same values, bit for bit`, () => {
    assert.deepEqual(stream(), stream())
  })

  test(`${column.name}: saved as JSON at any bar and restored, it goes on bit for bit`, () => {
    const whole = stream()
    for (const cut of [0, 1, warmup, 199, 777]) {
      let state = feature.init(context)
      for (const bar of bars.slice(0, cut)) feature.update(state, bar)
      state = JSON.parse(JSON.stringify(state)) as State
      const rest = bars.slice(cut).map(bar => feature.update(state, bar))
      assert.deepEqual(rest, whole.slice(cut))
    }
  })

  test(`${column.name}: it is unknown before its warm-up and a number from then on, inside its range`, () => {
    const [low, high] = column.range
    for (const [i, value] of stream().entries()) {
      if (i + 1 >= warmup) assert.ok(value >= low && value <= high, `bar ${i}: ${value}`)
      else if (column.neutral === null) assert.ok(Number.isNaN(value), `bar ${i}: ${value}`)
    }
  })

  test(`${column.name}: an absent source is neutral or refuses the row`, () => {
    assert.equal(column.missing, column.neutral === null ? 'refuse' : 'neutral')
  })

  test(`${column.name}: two series do not share state`, () => {
    const one = feature.init(context)
    const other = feature.init(context)
    const values = bars.map(bar => {
      feature.update(other, { ...bar, close: bar.low, volume: 1 })
      return feature.update(one, bar)
    })
    assert.deepEqual(values, stream())
  })
}
