import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextEvent, type SlotEvent, type SlotEventKind } from '../../serving/history.ts'
import { tenuresOf } from './tenures.ts'

function history(...lines: readonly (readonly [event: SlotEventKind, to: string | null, at: number])[]): SlotEvent[] {
  const events: SlotEvent[] = []
  for (const [event, to, at] of lines) {
    const draft = { at, slot: 'main', event, from: null, to, actor: 'test', cause: '' }
    const stamp = { gateReportSha256: null, configSha256: '', codeVersion: '' }
    events.push(nextEvent(events.at(-1), { ...draft, ...stamp }))
  }
  return events
}

test('a release is in charge from its activation to the next handover, the last one until now', () => {
  const tenures = tenuresOf(
    history(['restarted', null, 0], ['activated', 'a', 5], ['refused', 'b', 7], ['activated', 'c', 9]),
  )
  assert.deepEqual(
    [...tenures],
    [
      ['a', [{ from: 5, to: 9 }]],
      ['c', [{ from: 9, to: null }]],
    ],
  )
})

test('who comes back has two tenures', () => {
  const tenures = tenuresOf(history(['activated', 'a', 1], ['activated', 'b', 2], ['rolledBack', 'a', 3]))
  assert.deepEqual(tenures.get('a'), [
    { from: 1, to: 2 },
    { from: 3, to: null },
  ])
})

test('a restart ends what was in charge before it, on the clock of that time', () => {
  const tenures = tenuresOf(
    history(['activated', 'a', 100], ['refused', 'x', 120], ['restarted', null, 0], ['activated', 'b', 10]),
  )
  assert.deepEqual(tenures.get('a'), [{ from: 100, to: 120 }])
  assert.deepEqual(tenures.get('b'), [{ from: 10, to: null }])
})
