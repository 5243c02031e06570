import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayTrain, type SkipQuestion } from './skip.ts'

const now = { snapshotId: 'a', configHash: 'b', codeVersion: 'c' }
const question: SkipQuestion = { enabled: true, environment: {}, directories: ['state', 'data'], now }
const nowhere = async (_path: string): Promise<boolean> => false

test('without a switch a slot trains', async () => {
  assert.deepEqual(await mayTrain(question, nowhere), { train: true })
  assert.deepEqual(await mayTrain({ ...question, last: { ...now, snapshotId: 'z' } }, nowhere), { train: true })
})

test('each switch stops training and says which it was', async () => {
  const reasonOf = async (change: Partial<SkipQuestion>, exists = nowhere): Promise<unknown> =>
    mayTrain({ ...question, ...change }, exists)
  const off = (reason: string) => ({ train: false, reason })
  assert.deepEqual(await reasonOf({ enabled: false }), off('skipped: training.enabled is false'))
  assert.deepEqual(await reasonOf({ environment: { SKIP_TRAINING: '1' } }), off('skipped: SKIP_TRAINING=1 is set'))
  assert.deepEqual(
    await reasonOf({}, async path => path === 'data/SKIP_TRAINING'),
    off('skipped: data/SKIP_TRAINING exists'),
  )
})

test('unchanged data, configuration and code are nothing new', async () => {
  assert.deepEqual(await mayTrain({ ...question, last: now }, nowhere), {
    train: false,
    reason: 'skipped: nothing new',
  })
})

test('a forced run trains and names what it overruled', async () => {
  assert.deepEqual(await mayTrain({ ...question, enabled: false, force: true }, nowhere), {
    train: true,
    overruled: 'skipped: training.enabled is false',
  })
})
