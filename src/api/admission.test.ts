import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../base/fault.ts'
import { type AdmissionOptions, admission, type Leave } from './admission.ts'

/** An admission whose turns come when the test says so. */
function gate(over: Partial<AdmissionOptions> = {}) {
  let now = 0
  const turns: (() => void)[] = []
  const sleep = () => new Promise<void>(go => void turns.push(go))
  const door = admission({
    clock: { now: () => now },
    timer: { sleep },
    active: 2,
    queued: 3,
    waitMs: 100,
    ...over,
  })
  const settle = () => new Promise<void>(go => setImmediate(go))
  const log: string[] = []
  const leaves = new Map<string, Leave>()
  const asked = async (name: string): Promise<void> => {
    const outcome: Outcome<Leave> = await door.enter()
    log.push(outcome.ok ? name : `${name} ${outcome.fault.code}`)
    if (outcome.ok) leaves.set(name, outcome.value)
  }
  return {
    log,
    leave: (name: string) => leaves.get(name)!(),
    arrive: () => door.arrived(),
    ask: (name: string): void => void asked(name),
    /** One turn of the event loop, `ms` later. */
    turn: async (ms = 0): Promise<void> => {
      now += ms
      turns.shift()?.()
      await settle()
    },
  }
}

test('one request each turn in which nothing new comes, in the order they came', async () => {
  const { arrive, ask, turn, log } = gate({ active: 9 })
  for (const name of ['a', 'b', 'c']) ask(name)
  await turn()
  arrive()
  await turn()
  assert.deepEqual(log, [])
  await turn()
  assert.deepEqual(log, ['a'])
  await turn()
  await turn()
  assert.deepEqual(log, ['a', 'b', 'c'])
})

test('fault 163: what the queue cannot hold is refused at once, before those that wait are answered', async () => {
  const { ask, turn, log } = gate()
  for (const name of ['a', 'b', 'c', 'd', 'e']) ask(name)
  await turn()
  assert.deepEqual(log, ['d OVERLOADED', 'e OVERLOADED'])
  await turn()
  assert.equal(log.at(-1), 'a')
})

test('what never stops coming in does not keep those out that wait', async () => {
  const { arrive, ask, turn, log } = gate()
  ask('a')
  await turn()
  for (let turns = 0; turns < 64; turns++) {
    assert.deepEqual(log, [])
    arrive()
    await turn()
  }
  assert.deepEqual(log, ['a'])
})

test('who waited too long is refused: nobody listens to that answer any more', async () => {
  const { ask, turn, log } = gate()
  ask('a')
  ask('b')
  await turn(101)
  for (let i = 0; i < 3; i++) await turn()
  assert.deepEqual(log, ['a OVERLOADED', 'b OVERLOADED'])
  ask('c')
  for (let i = 0; i < 3; i++) await turn()
  assert.equal(log.at(-1), 'c')
})

test('no more are worked on at once than allowed; each that leaves makes room for one, however often it says so', async () => {
  const { ask, leave, turn, log } = gate()
  for (const name of ['a', 'b', 'c']) ask(name)
  for (let i = 0; i < 5; i++) await turn()
  assert.deepEqual(log, ['a', 'b'])
  ask('d')
  leave('a')
  leave('a')
  for (let i = 0; i < 5; i++) await turn()
  assert.deepEqual(log, ['a', 'b', 'c'])
  leave('b')
  for (let i = 0; i < 3; i++) await turn()
  assert.deepEqual(log, ['a', 'b', 'c', 'd'])
})
