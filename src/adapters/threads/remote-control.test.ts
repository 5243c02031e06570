import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { systemTimer } from '../system/timer.ts'
import type { FromWindow, ToWindow } from './message.ts'
import { remoteControl } from './remote-control.ts'

type Command = { readonly type: string }

function pair(t: TestContext, answerMs = 1000) {
  const { port1, port2 } = new MessageChannel()
  t.after(() => port1.close())
  let closed = 0
  let time = 0
  const control = remoteControl<Command, { n: number }>({
    port: port2,
    timer: systemTimer,
    clock: { now: () => time },
    answerMs,
    onClose: () => void closed++,
  })
  const tell = (message: ToWindow<{ n: number }>) => port1.postMessage(message)
  return { loop: port1, control, tell, closed: () => closed, setTime: (now: number) => void (time = now) }
}

test('answers find their question in whatever order they come', async t => {
  const { loop, control, tell } = pair(t)
  const asked: FromWindow<Command>[] = []
  loop.on('message', (message: FromWindow<Command>) => {
    asked.push(message)
    if (asked.length < 3) return
    for (const { id, command } of asked.reverse() as { id: number; command: Command }[]) {
      const refusal = { ok: false as const, fault: { code: 'NO', sentence: 'not now', fix: 'later' } }
      tell({ type: 'answer', id, outcome: command.type === 'b' ? refusal : { ok: true, value: command.type } })
    }
  })
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(type => control.send({ type })))
  assert.deepEqual(
    [a, c],
    [
      { ok: true, value: 'a' },
      { ok: true, value: 'c' },
    ],
  )
  assert.ok(b?.ok === false)
  assert.deepEqual([b.fault.code, b.fault.message, b.fault.fix], ['NO', 'not now', 'later'])
})

test('a loop that does not answer in time is a refusal, and its late answer disturbs nobody', async t => {
  const { loop, control, tell } = pair(t, 30)
  const asked = once(loop, 'message')
  const outcome = await control.send({ type: 'a' })
  assert.equal(outcome.ok ? '' : outcome.fault.code, 'CONTROL_TIMEOUT')
  const [{ id }] = (await asked) as [{ id: number }]
  tell({ type: 'answer', id, outcome: { ok: true, value: 'late' } })
})

test('news reaches every listener until it stops listening', async t => {
  const { control, tell, closed } = pair(t)
  const heard: unknown[] = []
  const stop = control.onCommitted(seq => heard.push(seq))
  control.onLive(live => heard.push(live))
  tell({ type: 'committed', seq: 7 })
  tell({ type: 'live', state: { n: 1 } })
  while (heard.length < 2) await systemTimer.sleep(1)
  stop()
  tell({ type: 'committed', seq: 8 })
  tell({ type: 'close' })
  while (closed() === 0) await systemTimer.sleep(1)
  assert.deepEqual(heard, [7, { n: 1 }])
  assert.deepEqual(control.live(), { n: 1 })
})

test('how long the loop has been silent is known, and a sign of life ends the silence', async t => {
  const { control, tell, setTime } = pair(t)
  setTime(31_000)
  assert.equal(control.silenceMs(), 31_000)
  tell({ type: 'beat' })
  tell({ type: 'committed', seq: 1 })
  await new Promise<void>(done => void control.onCommitted(() => done()))
  assert.equal(control.silenceMs(), 0)
})
