// Carrying the picture on by events.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RunEvent } from '../../../src/loop/run-event.ts'
import { applyEvents, withLive, withStatus } from './apply-events.ts'
import { exampleBar, exampleEvent, exampleLive, examplePicture, exampleStatus } from './example-status.ts'
import { LIMITS } from './picture.ts'

const bars = (from: number, count: number): RunEvent[] =>
  Array.from({ length: count }, (_, i) => exampleEvent(from + i, 'bar', exampleBar(from + i - 11)))

test('bars move the clock, the account and the counts', () => {
  const { picture, ended } = applyEvents(examplePicture(), bars(21, 3))
  assert.equal(ended, 'ok')
  assert.deepEqual(
    picture.bars.map(({ index }) => index),
    [10, 11, 12],
  )
  assert.equal(picture.status.run?.barsDone, 13)
  assert.equal(picture.status.run?.clock, 23_000)
  assert.equal(picture.status.account?.equity, 100_500)
  assert.equal(picture.status.counts.decisions, 7)
  assert.equal(picture.lastSeq, 23)
})

test('an event that was seen changes nothing', () => {
  const once = applyEvents(examplePicture(), bars(21, 5)).picture
  const again = applyEvents(once, bars(19, 7))
  assert.equal(again.ended, 'ok')
  assert.equal(again.picture, once)
})

test('a missing event is said, and nothing after it is applied', () => {
  const events = bars(21, 6).filter(({ seq }) => seq !== 24)
  const { picture, ended } = applyEvents(examplePicture(), events)
  assert.equal(ended, 'gap')
  assert.equal(picture.lastSeq, 23)
})

test('another run is said, not mixed in', () => {
  const { picture, ended } = applyEvents(examplePicture(), [exampleEvent(21, 'bar', exampleBar(10), 'run-2')])
  assert.equal(ended, 'otherRun')
  assert.equal(picture.bars.length, 0)
})

test('however the stream is cut and repeated, the picture is that of the whole', () => {
  const whole = applyEvents(examplePicture(), bars(21, 60)).picture
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(59), fc.nat(12)), { maxLength: 40 }), cuts => {
      let picture = examplePicture()
      for (const [from, length] of cuts) picture = applyEvents(picture, bars(21 + from, length)).picture
      picture = applyEvents(picture, bars(21, 60)).picture
      assert.deepEqual({ ...picture, revision: 0 }, { ...whole, revision: 0 })
    }),
  )
})

test('what is kept stays bounded', () => {
  let picture = examplePicture()
  const gates = {
    drill: false,
    releaseId: 'r',
    label: 'l',
    digest: 'd',
    verdict: 'refused',
    decidedBy: 'G9',
    detail: '',
    gates: [],
    bar: 1,
  } as const
  for (let i = 0; i < 1000; i++) picture = applyEvents(picture, [exampleEvent(21 + i, 'judged', gates)]).picture
  assert.equal(picture.notices.length, LIMITS.notices)
  assert.equal(picture.notices[0]!.seq, 1020)
  const long = applyEvents(examplePicture(), bars(21, LIMITS.bars * 1.3)).picture
  assert.ok(long.bars.length <= LIMITS.bars * 1.1)
  assert.equal(long.bars.at(-1)!.index, 10 + LIMITS.bars * 1.3 - 1)
})

test('a drill counts as nothing, a refusal and an installation count', () => {
  const verdict = { releaseId: 'r', label: 'l', digest: 'd', decidedBy: null, detail: '', gates: [], bar: 1 }
  const { counts } = applyEvents(examplePicture(), [
    exampleEvent(21, 'judged', { ...verdict, drill: true, verdict: 'refused' }),
    exampleEvent(22, 'judged', { ...verdict, drill: false, verdict: 'refused' }),
    exampleEvent(23, 'judged', { ...verdict, drill: false, verdict: 'installed' }),
  ]).picture.status
  assert.deepEqual([counts.refused, counts.installed], [1, 1])
})

test('a halt is seen at once and its end too', () => {
  const halted = applyEvents(examplePicture(), [
    exampleEvent(21, 'risk', { state: 'HALTED', cause: 'KILLED', bar: 1 }),
  ]).picture
  assert.equal(halted.status.mode, 'HALTED')
  const resumed = applyEvents(halted, [exampleEvent(22, 'risk', { state: 'ACTIVE', cause: '', bar: 2 })]).picture
  assert.equal(resumed.status.mode, 'PAPER')
})

test('a swap names who is in charge; the next status tells the rest, even one that is a little behind', () => {
  const verdict = {
    drill: false,
    releaseId: 'r-2',
    label: 'l-2',
    digest: 'd-2',
    verdict: 'installed',
    decidedBy: null,
  } as const
  const swap = { event: 'activated', from: null, to: 'd-2', label: 'l-2', bar: 11, cause: 'gates passed' } as const
  const { picture } = applyEvents(examplePicture(), [
    exampleEvent(21, 'judged', { ...verdict, detail: '', gates: [], bar: 11 }),
    exampleEvent(22, 'swap', swap),
    ...bars(23, 3),
  ])
  const { releaseId, label, digest, fitEnd } = picture.status.slots[0]!
  assert.deepEqual([releaseId, label, digest, fitEnd], ['r-2', 'l-2', 'd-2', null])
  const slot = { ...exampleStatus().slots[0]!, releaseId: 'r-2', label: 'l-2', digest: 'd-2', fitEnd: 5 }
  const told = withStatus(picture, exampleStatus({ lastSeq: 22, slots: [slot] }))
  assert.equal(told.status.slots[0]!.fitEnd, 5)
  assert.equal(told.status.run?.barsDone, picture.status.run?.barsDone, 'an older status does not turn the clock back')
})

test('the kill switch is in no event: an older status still tells of it, and that it is gone', () => {
  const { picture } = applyEvents(examplePicture(), bars(21, 3))
  const scopes: ('entries' | 'cancel' | 'flatten')[] = ['entries', 'cancel', 'flatten']
  const killed = { reason: 'by hand', scopes }
  const halted = withStatus(picture, exampleStatus({ lastSeq: 22, mode: 'HALTED', killed }))
  assert.deepEqual([halted.status.mode, halted.status.killed?.reason], ['HALTED', 'by hand'])
  assert.equal(halted.status.run?.barsDone, 13)
  assert.equal(withStatus(halted, exampleStatus({ lastSeq: 22 })).status.mode, 'PAPER')
})

test('back to the baseline nobody is in charge', () => {
  const swap = { event: 'rolledBack', from: 'd-2', to: null, label: null, bar: 11, cause: 'by hand' } as const
  const { slots } = applyEvents(examplePicture(), [exampleEvent(21, 'swap', swap)]).picture.status
  assert.deepEqual([slots[0]!.releaseId, slots[0]!.digest], [null, null])
})

test('what is live in another run is not shown', () => {
  const picture = examplePicture()
  assert.equal(withLive(picture, exampleLive({ runId: 'run-2', state: 'paused' })), picture)
  assert.equal(withLive(picture, exampleLive({ state: 'paused' })).live?.state, 'paused')
})
