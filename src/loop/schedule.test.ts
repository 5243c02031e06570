import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seededRng } from '../base/rng.ts'
import { afterPass, firstPass, type SyncMark, slotAt, slotId, syncStep } from './schedule.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const CADENCE = { intervalMinutes: 15, minGapMinutes: 5 }

test('a slot begins at the full half hour in UTC that a time lies in', () => {
  const at = (text: string) => new Date(slotAt(Date.parse(text), 30)).toISOString()
  assert.equal(at('2026-01-15T14:47:10.999Z'), '2026-01-15T14:30:00.000Z')
  assert.equal(at('2026-01-15T14:30:00Z'), '2026-01-15T14:30:00.000Z')
  assert.equal(at('2026-01-15T14:29:59.999Z'), '2026-01-15T14:00:00.000Z')
})

test('fault 93: any day has 48 slots with 48 names, whatever the zones and the leap years do', () => {
  const anyDay = fc.integer({ min: 0, max: 60_000 }).map(day => day * DAY)
  const leapDay = Date.UTC(2028, 1, 29)
  const turns = [Date.UTC(2026, 2, 8), Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25), Date.UTC(2026, 10, 1), leapDay]
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...turns), anyDay), start => {
      const names = new Set<string>()
      for (let now = start; now < start + DAY; now += MINUTE) names.add(slotId('stable/ES', slotAt(now, 30)))
      assert.equal(names.size, 48)
    }),
    { seed: 93, numRuns: 60 },
  )
})

test('a slot is named by its pipeline and its minute', () => {
  assert.equal(slotId('stable/ES', Date.parse('2028-02-29T23:30:00Z')), 'stable/ES@2028-02-29T23:30Z')
})

/** Passes of random length and luck, with time moving in steps as a timer may wake; gives begin and end of each. */
function passes(seed: number, cadence: typeof CADENCE, longestMinutes: number, failShare: number) {
  const rng = seededRng(seed)
  const jitter = rng.fork('jitter')
  const made: { readonly startedAt: number; readonly endedAt: number; readonly failed: boolean }[] = []
  let mark = firstPass(0)
  let now = 0
  while (now < DAY) {
    const step = syncStep(mark, now, cadence)
    if (step.do === 'limited') mark = step.next
    if (step.do === 'pass') {
      const endedAt = now + Math.floor(rng.next() * longestMinutes * MINUTE)
      const pass = { startedAt: now, endedAt, failed: rng.next() < failShare }
      mark = afterPass(mark, pass, cadence, jitter)
      made.push(pass)
      now = endedAt
    }
    now = Math.max(now + 1, Math.min(mark.dueAt, now + MINUTE))
  }
  return made
}

test('no two passes are closer than the gap, however long they take and however many fail', () => {
  const cadences = fc
    .record({ minGapMinutes: fc.integer({ min: 1, max: 20 }), more: fc.integer({ min: 0, max: 30 }) })
    .map(({ minGapMinutes, more }) => ({ minGapMinutes, intervalMinutes: minGapMinutes + more }))
  fc.assert(
    fc.property(
      fc.nat(),
      cadences,
      fc.integer({ min: 0, max: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (...args) => {
        const [seed, cadence, longest, failShare] = args
        const made = passes(seed, cadence, longest, failShare)
        assert.equal(made[0]!.startedAt, 0)
        for (const [index, { startedAt }] of made.slice(1).entries()) {
          assert.ok(startedAt - made[index]!.endedAt >= cadence.minGapMinutes * MINUTE)
        }
      },
    ),
    { seed: 43, numRuns: 60 },
  )
})

test('passes that go well begin 15 minutes apart, give or take a tenth, and use all of that', () => {
  const made = passes(1, CADENCE, 0, 0)
  const apart = made.slice(1).map(({ startedAt }, index) => (startedAt - made[index]!.startedAt) / MINUTE)
  assert.ok(Math.min(...apart) >= 13.5 && Math.max(...apart) <= 16.5)
  assert.ok(Math.min(...apart) < 13.7 && Math.max(...apart) > 16.3)
})

test('after the n-th failed pass the wait is min(30, 5 x 2^(n-1)) minutes, half of it random', () => {
  const rng = seededRng(2)
  let mark: SyncMark = firstPass(0)
  for (const minutes of [5, 10, 20, 30, 30, 30]) {
    const waits = Array.from({ length: 200 }, () => {
      const { dueAt } = afterPass(mark, { startedAt: 0, endedAt: MINUTE, failed: true }, CADENCE, rng)
      return dueAt / MINUTE - 1
    })
    assert.ok(Math.min(...waits) >= minutes / 2 && Math.max(...waits) <= minutes)
    assert.ok(Math.min(...waits) < minutes * 0.51 && Math.max(...waits) > minutes * 0.98)
    mark = afterPass(mark, { startedAt: 0, endedAt: MINUTE, failed: true }, CADENCE, rng)
  }
  assert.equal(mark.failures, 6)
  assert.equal(afterPass(mark, { startedAt: 0, endedAt: MINUTE, failed: false }, CADENCE, rng).failures, 0)
})

test('a pass that is wanted too early is limited to the end of the gap', () => {
  const mark = { dueAt: 3 * MINUTE, endedAt: 0, failures: 1 }
  assert.deepEqual(syncStep(mark, 2 * MINUTE, CADENCE), { do: 'wait' })
  assert.deepEqual(syncStep(mark, 3 * MINUTE, CADENCE), { do: 'limited', next: { ...mark, dueAt: 5 * MINUTE } })
  assert.deepEqual(syncStep({ ...mark, dueAt: 5 * MINUTE }, 5 * MINUTE, CADENCE), { do: 'pass' })
})

test('a clock that is put back behind the last pass lets the gap begin anew, and no wait of years', () => {
  const mark = { dueAt: 4000 * DAY, endedAt: 4000 * DAY - MINUTE, failures: 0 }
  const step = syncStep(mark, 10 * DAY, CADENCE)
  assert.deepEqual(step, { do: 'limited', next: { dueAt: 10 * DAY + 5 * MINUTE, endedAt: 10 * DAY, failures: 0 } })
})
