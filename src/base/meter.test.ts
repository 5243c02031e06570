import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Meter, type MeterOptions, meter, type Readings } from './meter.ts'

type Name = 'seconds' | 'sets'

function told(options: Partial<MeterOptions> = {}) {
  let now = 0
  const batches: Readings<Name>[] = []
  const own: Meter<Name> = meter({ stopwatch: { now: () => now }, ...options })
  return { own, batches, pass: (ms: number) => void (now += ms) }
}

test('values are handed over in their order, once their time has come', () => {
  const { own, batches, pass } = told({ everyMs: 1000 })
  const stop = own.on(readings => batches.push(readings))
  own.note('seconds', 0.1)
  own.note('seconds', 0.2)
  own.turn()
  assert.deepEqual(batches, [])
  pass(1000)
  own.turn()
  own.turn()
  assert.deepEqual(batches, [{ seconds: [0.1, 0.2] }])
  own.note('seconds', 0.3)
  stop()
  stop()
  assert.deepEqual(batches.slice(1), [{ seconds: [0.3] }])
})

test('many values do not wait for their time', () => {
  const { own, batches } = told({ most: 2 })
  own.on(readings => batches.push(readings))
  for (const value of [1, 2, 3]) own.note('seconds', value)
  assert.deepEqual(batches, [{ seconds: [1, 2] }])
})

test('what is watched is read when a batch leaves, and no more once it ended', () => {
  const { own, batches, pass } = told({ everyMs: 10 })
  own.on(readings => batches.push(readings))
  let sets: number | undefined
  const end = own.watch('sets', () => sets)
  for (sets of [undefined, 1, 2]) {
    pass(10)
    own.turn()
  }
  end()
  pass(10)
  own.turn()
  assert.deepEqual(batches, [{ sets: [1] }, { sets: [2] }])
})

test('while nobody listens nothing is kept', () => {
  const { own, batches, pass } = told({ most: 1 })
  own.note('seconds', 1)
  pass(5000)
  own.turn()
  own.on(readings => batches.push(readings))
  pass(5000)
  own.turn()
  assert.deepEqual(batches, [])
})
