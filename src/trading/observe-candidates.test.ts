import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sp500Bars } from '../../test/sp500.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { SPX } from '../market/instrument.ts'
import { candidateBook } from './candidates.ts'
import { nameObserved, observeCandidates } from './observe-candidates.ts'
import { GENERAL_STRATEGIES } from './strategies/index.ts'

const bars = sp500Bars(600)
const makeBook = () =>
  candidateBook({
    instrument: SPX,
    calendar: calendarOf('nyse'),
    barMs: 86_400_000,
    hasVolume: true,
    strategies: GENERAL_STRATEGIES,
  })

test('every column has a name: stances first, then the outcomes that were resolved at the bar', () => {
  const known = observeCandidates(makeBook)(bars)
  const book = makeBook()
  const events = bars.map(bar => book.update(bar))
  const at = events.findLastIndex(({ rowCount, resolved }) => rowCount > 0 && resolved.length > 1)
  const { rowCount, resolved } = events[at]!
  assert.equal(nameObserved(0, rowCount), 'stance strategy of stance 1')
  assert.equal(nameObserved(9, rowCount), 'feature rsi of stance 1')
  assert.equal(nameObserved(24 * rowCount - 1, rowCount), `feature liquidity_risk of stance ${rowCount}`)
  assert.equal(nameObserved(24 * rowCount + 3, rowCount), 'label r of outcome 1')
  assert.equal(nameObserved(known[at]!.length - 1, rowCount), `label labelEnd of outcome ${resolved.length}`)
})

test('a list of another length has no column to name', () => {
  assert.match(nameObserved(-1, 4), /how many/)
})
