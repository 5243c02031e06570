import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import { handoversOf, inChargeAt, nextEvent, type SlotEvent, type SlotEventDraft, verifyHistory } from './history.ts'

const draft = (at: number, over: Partial<SlotEventDraft> = {}): SlotEventDraft => ({
  at,
  slot: 'main',
  event: 'activated',
  from: null,
  to: 'd'.repeat(64),
  actor: 'updater',
  cause: 'gates passed',
  gateReportSha256: null,
  configSha256: 'c'.repeat(64),
  codeVersion: '0.1.0',
  ...over,
})

function chain(length: number): SlotEvent[] {
  const events: SlotEvent[] = []
  for (let i = 0; i < length; i++) events.push(nextEvent(events.at(-1), draft(i * 1_000, { to: `${i}` })))
  return events
}

test('events are chained from a root of zeros and the chain verifies', () => {
  const events = chain(3)
  assert.equal(events[0]!.prevHash, '0'.repeat(64))
  assert.equal(events[2]!.prevHash, events[1]!.hash)
  verifyHistory(events)
})

const LONG = process.env['RATCHET_LONG'] !== undefined

test(`any byte flipped in a log of 1,000 rows is found${LONG ? '' : ' (each byte of every tenth row; RATCHET_LONG=1: of every row)'}`, context => {
  const events = chain(1_000)
  verifyHistory(events)
  const rng = seededRng(1)
  let tried = 0
  let unreadable = 0
  for (let row = 0; row < events.length; row += LONG ? 1 : 10) {
    const text = Buffer.from(JSON.stringify(events[row]))
    for (let place = 0; place < text.length; place++) {
      const mask = 1 << rng.int(8)
      text[place]! ^= mask
      let read: SlotEvent | undefined
      try {
        read = JSON.parse(text.toString()) as SlotEvent
      } catch {
        // No JSON any more: nobody could read it without noticing.
        unreadable++
      }
      text[place]! ^= mask
      tried++
      if (read === undefined) continue
      const follows = [read, ...events.slice(row + 1, row + 2)]
      // What lies before is whole: it was verified above.
      assert.throws(
        () => verifyHistory(follows, events[row - 1]),
        { code: 'HISTORY_BROKEN' },
        `row ${row}, byte ${place}`,
      )
    }
  }
  context.diagnostic(`${tried} bytes, ${unreadable} of them no JSON any more`)
  assert.ok(tried >= 40_000)
})

test('every byte of every value of one row is covered by its hash', () => {
  const events = chain(3)
  const text = JSON.stringify(events[1])
  let changed = 0
  for (let place = 0; place < text.length; place++) {
    const bytes = Buffer.from(text)
    bytes[place]! ^= 1
    let parsed: SlotEvent
    try {
      parsed = JSON.parse(bytes.toString()) as SlotEvent
    } catch {
      continue
    }
    changed++
    assert.throws(() => verifyHistory([events[0]!, parsed, events[2]!]), { code: 'HISTORY_BROKEN' })
  }
  assert.ok(changed > 300, `${changed} readable changes`)
})

test('a removed, doubled or reordered row is found', () => {
  const [a, b, c] = chain(3) as [SlotEvent, SlotEvent, SlotEvent]
  for (const broken of [
    [a, c],
    [a, b, b, c],
    [b, a, c],
  ]) {
    assert.throws(() => verifyHistory(broken), { code: 'HISTORY_BROKEN' })
  }
})

test('a clock that goes back does not make the history unordered', () => {
  const first = nextEvent(undefined, draft(5_000))
  assert.equal(nextEvent(first, draft(1_000)).at, 5_000)
})

test('what was in charge at a time is the last handover not after it', () => {
  const events = chain(10)
  assert.equal(inChargeAt(events, -1), undefined)
  assert.equal(inChargeAt(events, 0)?.to, '0')
  assert.equal(inChargeAt(events, 4_999)?.to, '4')
  assert.equal(inChargeAt(events, 5_000)?.to, '5')
  assert.equal(inChargeAt(events, 1e12)?.to, '9')
})

test('a restart begins a time of its own: what stood before it is in the chain and no longer in charge', () => {
  const before = nextEvent(undefined, draft(9_000))
  const restart = nextEvent(before, draft(1_000, { event: 'restarted', from: before.to, to: null }))
  const after = nextEvent(restart, draft(2_000, { from: null, to: 'new' }))
  const events = [before, restart, after]
  assert.deepEqual([restart.at, after.at], [1_000, 2_000])
  verifyHistory(events)
  const handovers = handoversOf(events, 'main')
  assert.deepEqual(
    [500, 1_500, 2_500].map(at => inChargeAt(handovers, at)?.to),
    [undefined, null, 'new'],
  )
})

test('a refusal is history but hands nothing over', () => {
  const first = nextEvent(undefined, draft(0))
  const refusal = nextEvent(first, draft(1, { event: 'refused', to: 'bad' }))
  const elsewhere = nextEvent(refusal, draft(2, { slot: 'other' }))
  assert.deepEqual(handoversOf([first, refusal, elsewhere], 'main'), [first])
})

test('a million rows are answered well within 10 ms each', () => {
  const one = nextEvent(undefined, draft(0))
  const events = Array.from({ length: 1_000_000 }, (_, i) => ({ ...one, seq: i + 1, at: i }))
  let steps = 0
  const counted = new Proxy(events, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) steps++
      return Reflect.get(target, key, receiver) as unknown
    },
  })
  const clock = replayClock(123_456)
  assert.equal(inChargeAt(counted, clock.now())?.at, 123_456)
  assert.ok(steps <= 21, `${steps} rows read`)
})
