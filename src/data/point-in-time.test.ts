import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dayLabel, labelDay } from '../market/calendars/zone.ts'
import { publishedAfter, type Revision, revisionsOf } from './macro.ts'
import { pointInTime } from './point-in-time.ts'
import { laggedRevisions, periodEnd } from './publication-lag.ts'

/** Real gross domestic product as the public had it: advance, second and third estimate of the fourth quarter of 2023. */
const GDP = revisionsOf([
  { date: '2023-07-01', value: 27_644.463, since: '2023-10-26' },
  { date: '2023-07-01', value: 27_623.543, since: '2023-11-29' },
  { date: '2023-10-01', value: 27_938.831, since: '2024-01-25' },
  { date: '2023-10-01', value: 27_944.627, since: '2024-02-28' },
  { date: '2023-10-01', value: 27_956.998, since: '2024-03-28' },
])
const at = (time: string) => pointInTime({ revisions: GDP }).latest(Date.parse(time))

test('a quarter is known only after it was published, and each estimate only from its own day on', () => {
  assert.equal(at('2023-10-26T20:00:00Z'), undefined, 'the day of publication is not over in St. Louis')
  assert.equal(at('2023-10-27T05:00:00Z')?.value, 27_644.463)
  assert.equal(at('2024-01-25T23:59:00Z')?.value, 27_623.543, 'the second estimate of the quarter before')
  assert.equal(at('2024-01-26T06:00:00Z')?.value, 27_938.831)
  assert.equal(at('2024-02-29T05:59:59Z')?.value, 27_938.831)
  assert.equal(at('2024-02-29T06:00:00Z')?.value, 27_944.627)
  assert.equal(at('2030-01-01T00:00:00Z')?.value, 27_956.998)
})

test('a moment sees every period at once as it stood then', () => {
  const seen = pointInTime({ revisions: GDP }).asOf(Date.parse('2024-02-01T00:00:00Z'))
  assert.deepEqual(
    seen.map(({ date, value }) => [date, value]),
    [
      ['2023-07-01', 27_623.543],
      ['2023-10-01', 27_938.831],
    ],
  )
})

test('a value that was taken back is unknown again', () => {
  const revisions = revisionsOf([
    { date: '2024-01-01', value: 1, since: '2024-02-01' },
    { date: '2024-01-01', value: null, since: '2024-03-01' },
  ])
  const known = pointInTime({ revisions })
  assert.equal(known.latest(Date.parse('2024-02-15T00:00:00Z'))?.value, 1)
  assert.equal(known.latest(Date.parse('2024-03-15T00:00:00Z')), undefined)
})

test('a value that went on unchanged over two windows is one publication', () => {
  const rows = [
    { date: '2024-01-01', value: 5, since: '2024-02-01' },
    { date: '2024-01-01', value: 5, since: '2025-01-01' },
    { date: '2024-01-01', value: 6, since: '2025-02-01' },
    { date: '2024-01-01', value: 5, since: '2025-03-01' },
  ]
  assert.deepEqual(
    revisionsOf(rows.toReversed()).map(({ value, publishedAt }) => [value, new Date(publishedAt).toISOString()]),
    [
      [5, '2024-02-02T06:00:00.000Z'],
      [6, '2025-02-02T06:00:00.000Z'],
      [5, '2025-03-02T06:00:00.000Z'],
    ],
  )
})

test('without vintages a value waits for the end of its period and the lag of its series', () => {
  const monthly = { id: 'UNRATE', frequency: 'M' } as const
  const revisions = laggedRevisions(monthly, [{ date: '2024-01-01', value: 3.7 }])
  const known = pointInTime({ revisions })
  // 31 January + 14 days, and the end of that day in St. Louis.
  assert.equal(known.latest(Date.parse('2024-02-15T05:59:59Z')), undefined)
  assert.equal(known.latest(Date.parse('2024-02-15T06:00:00Z'))?.value, 3.7)
  assert.deepEqual(
    (
      [
        ['2024-02-01', 'M'],
        ['2024-10-01', 'Q'],
        ['2024-07-01', 'SA'],
        ['2024-01-01', 'A'],
        ['2024-02-28', 'D'],
        ['2024-03-01', 'W'],
      ] as const
    ).map(([date, frequency]) => dayLabel(periodEnd(date, frequency))),
    ['2024-02-29', '2024-12-31', '2024-12-31', '2024-12-31', '2024-02-28', '2024-03-01'],
  )
})

const revision = fc.record({
  date: fc.integer({ min: 19_000, max: 19_040 }).map(dayLabel),
  value: fc.option(fc.integer({ min: -100, max: 100 }), { nil: null }),
  publishedAt: fc.integer({ min: 19_000, max: 19_400 }).map(publishedAfter),
})

/** One value a period and moment. */
const distinct = (revisions: readonly Revision[]): Revision[] => [
  ...new Map(revisions.map(one => [`${one.date} ${one.publishedAt}`, one])).values(),
]

test('no leak: whatever is published after a moment may change, come or go, and nothing before that moment does', () => {
  fc.assert(
    fc.property(
      fc.array(revision, { maxLength: 60 }).map(distinct),
      fc.array(revision, { maxLength: 60 }).map(distinct),
      fc.integer({ min: 19_000, max: 19_400 }).map(day => day * 86_400_000 + 43_200_000),
      (first, second, moment) => {
        const past = first.filter(({ publishedAt }) => publishedAt <= moment)
        const future = (list: readonly Revision[]) => list.filter(({ publishedAt }) => publishedAt > moment)
        const one = pointInTime({ revisions: [...past, ...future(first)] })
        const other = pointInTime({ revisions: [...future(second), ...past] })
        for (const time of [moment, moment - 86_400_000, moment - 30 * 86_400_000]) {
          assert.deepEqual(one.asOf(time), other.asOf(time))
          assert.deepEqual(one.latest(time), other.latest(time))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('nothing is ever seen before it was published, and the latest is the last of all that are seen', () => {
  fc.assert(
    fc.property(
      fc.array(revision, { maxLength: 60 }).map(distinct),
      fc.integer({ min: 19_000, max: 19_400 }),
      (revisions, day) => {
        const moment = day * 86_400_000
        const known = pointInTime({ revisions })
        const seen = known.asOf(moment)
        assert.ok(seen.every(({ publishedAt }) => publishedAt <= moment))
        assert.deepEqual(known.latest(moment), seen.at(-1))
        assert.deepEqual(
          seen.map(({ date }) => date),
          seen.map(({ date }) => date).toSorted(),
        )
      },
    ),
  )
})

test('no value can be visible on or before the day that its period names', () => {
  for (const frequency of ['D', 'W', 'BW', 'M', 'Q', 'SA', 'A'] as const) {
    const [only] = laggedRevisions({ id: 'X', frequency }, [{ date: '2024-01-01', value: 1 }])
    assert.ok(only!.publishedAt > (labelDay('2024-01-01') + 1) * 86_400_000, frequency)
  }
})
