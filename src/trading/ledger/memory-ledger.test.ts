import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLedger, draftOf } from './ledger.checks.ts'
import { memoryLedger } from './memory-ledger.ts'

checkLedger('memory ledger', async () => ({ ledger: memoryLedger() }))

test('a ledger goes on from the entries of another', async () => {
  const one = memoryLedger()
  await one.append([draftOf('a')])
  const two = memoryLedger(await one.entries())
  await one.append([draftOf('b')])
  await two.append([draftOf('a'), draftOf('b')])
  assert.deepEqual(await two.entries(), await one.entries())
})
