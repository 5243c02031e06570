import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listeners } from './listeners.ts'

type Events = { rang: number; fell: string }

function ears() {
  const failures: unknown[] = []
  return { failures, ...listeners<Events>(cause => failures.push(cause)) }
}

test('each listener hears its event, in the order of their coming, until it has had enough', () => {
  const { on, tell } = ears()
  const heard: string[] = []
  const off = on('rang', n => heard.push(`a${n}`))
  on('rang', n => heard.push(`b${n}`))
  on('fell', what => heard.push(what))
  tell('rang', 1)
  off()
  off()
  tell('rang', 2)
  assert.deepEqual(heard, ['a1', 'b1', 'b2'])
})

test('the same function may listen twice, and leaves once at a time', () => {
  const { on, tell } = ears()
  let count = 0
  const listener = () => void count++
  const off = on('rang', listener)
  on('rang', listener)
  tell('rang', 1)
  off()
  tell('rang', 2)
  assert.equal(count, 3)
})

test('one that throws, or whose promise is rejected, is told of and disturbs nobody', async () => {
  const { on, tell, failures } = ears()
  const heard: number[] = []
  on('rang', () => {
    throw new Error('thrown')
  })
  on('rang', () => Promise.reject(new Error('rejected')) as unknown as void)
  on('rang', n => heard.push(n))
  tell('rang', 1)
  await new Promise(setImmediate)
  assert.deepEqual(heard, [1])
  assert.deepEqual(failures.map(String), ['Error: thrown', 'Error: rejected'])
})

test('a listener may leave or join while it hears', () => {
  const { on, tell } = ears()
  const heard: string[] = []
  const off = on('rang', () => {
    heard.push('once')
    off()
    on('rang', () => heard.push('later'))
  })
  tell('rang', 1)
  tell('rang', 2)
  assert.deepEqual(heard, ['once', 'later'])
})
