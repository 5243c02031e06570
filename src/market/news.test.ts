import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newsAround, newsGap, newsImpact, parseNews } from './news.ts'

const at = (text: string): number => Date.parse(text)
const table = parseNews(
  'time,importance,event\r\n2026-02-06T13:30:00Z,1,"Payrolls, first"\n\n2026-01-28T19:00Z,0.5,FOMC\n',
  'news.csv',
)

test('events are read in order of time, whatever their order in the file', () => {
  assert.deepEqual(
    table.events.map(({ event, importance }) => [event, importance]),
    [
      ['FOMC', 0.5],
      ['"Payrolls, first"', 1],
    ],
  )
})

test('a moment knows how far the next event is and how long ago the last was', () => {
  assert.deepEqual(newsAround(table, at('2026-01-28T18:58:00Z')), { minutesTo: 2, minutesSince: Infinity })
  assert.deepEqual(newsAround(table, at('2026-01-28T19:00:00Z')), { minutesTo: 0, minutesSince: 0 })
  assert.equal(newsAround(table, at('2026-01-28T19:03:00Z')).minutesSince, 3)
  assert.equal(newsAround(table, at('2026-02-07T00:00:00Z')).minutesTo, Infinity)
})

test('a table that is missing, over or begins too late says so; one that covers the time says nothing', () => {
  assert.match(newsGap(undefined, 0, 1) ?? '', /no table of scheduled news/)
  assert.match(newsGap({ events: [] }, 0, 1) ?? '', /no table/)
  assert.match(newsGap(table, at('2026-01-28T19:00Z'), at('2026-02-07T00:00Z')) ?? '', /ends on 2026-02-06/)
  assert.match(newsGap(table, at('2026-01-01T00:00Z'), at('2026-02-01T00:00Z')) ?? '', /begins on 2026-01-28/)
  assert.equal(newsGap(table, at('2026-01-28T19:00Z'), at('2026-02-06T13:30Z')), undefined)
})

test('a line that is none is refused with its place', () => {
  const header = 'time,importance,event\n'
  for (const [text, line, words] of [
    ['when,what\n', 1, /does not begin/],
    [`${header}2026-01-28 19:00,1,FOMC`, 2, /no time in UTC/],
    [`${header}2026-13-28T19:00:00Z,1,FOMC`, 2, /no time in UTC/],
    [`${header}2026-01-28T19:00:00Z,0.7,FOMC`, 2, /no importance/],
    [`${header}2026-01-28T19:00:00Z,,FOMC`, 2, /no importance/],
    [`${header}\n2026-01-28T19:00:00Z,1,`, 3, /no name/],
  ] as const) {
    assert.throws(() => parseNews(text, 'n.csv'), { code: 'NEWS_SYNTAX', place: `n.csv:${line}`, message: words })
  }
})

test('the impact is the largest importance that has not faded, before and after alike, and unknown beyond the table', () => {
  const some = parseNews(
    'time,importance,event\n2026-01-28T12:00Z,0.25,A\n2026-01-28T13:00Z,1,B\n2026-01-28T13:10Z,0.25,C\n2026-01-28T18:00Z,0.5,D\n',
    'news.csv',
  )
  const byHand = (time: string): number =>
    Math.max(...some.events.map(event => event.importance * Math.exp(-Math.abs(at(time) - event.time) / 60_000 / 30)))
  assert.equal(newsImpact(some, at('2026-01-28T13:00Z')), 1)
  assert.equal(newsImpact(some, at('2026-01-28T13:30Z')), Math.exp(-1))
  assert.equal(newsImpact(some, at('2026-01-28T12:30Z')), Math.exp(-1))
  // Ten minutes after A the loud B, fifty minutes away, weighs less than A; a little later it weighs more.
  for (const minute of [1, 5, 10, 15, 40, 59, 70, 100, 200, 330]) {
    const time = new Date(at('2026-01-28T12:00Z') + minute * 60_000).toISOString()
    assert.equal(newsImpact(some, at(time)), byHand(time), time)
  }
  assert.equal(newsImpact(some, at('2026-01-28T11:59Z')), undefined)
  assert.equal(newsImpact(some, at('2026-01-28T18:01Z')), undefined)
  assert.equal(newsImpact({ events: [] }, 0), undefined)
})
