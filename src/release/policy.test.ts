import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import type { KeyAlgorithm } from './keys.ts'
import { requiredAlgorithms, verifyPolicy } from './policy.ts'

const BOTH: readonly KeyAlgorithm[] = ['hmac', 'ed25519']
const ask = (profile: 'paper' | 'live', required: readonly KeyAlgorithm[] | null, acknowledgeSharedKey = false) =>
  requiredAlgorithms({ profile, required, acknowledgeSharedKey })

test('paper wants an HMAC and live wants Ed25519 beside it, unless the configuration says otherwise', () => {
  assert.deepEqual(unwrap(ask('paper', null)), { required: ['hmac'] })
  assert.deepEqual(unwrap(ask('live', null)), { required: BOTH })
  assert.deepEqual(unwrap(ask('paper', ['ed25519'])), { required: ['ed25519'] })
  for (const profile of ['paper', 'live'] as const) {
    const policy = verifyPolicy({ profile, channel: 'stable', symbols: [], keys: [] })
    assert.deepEqual(policy.required, unwrap(ask(profile, null)).required)
  }
})

test('live with less than both is VERIFY_LOWERED, and says which setting and what to do', () => {
  for (const required of [['hmac'], ['ed25519']] as const) {
    const outcome = ask('live', required)
    assert.ok(!outcome.ok)
    assert.deepEqual([outcome.fault.code, outcome.fault.place], ['VERIFY_LOWERED', 'release.verify.required'])
    assert.match(outcome.fault.fix ?? '', /acknowledgeSharedKey=true/)
  }
})

test('once the shared key is acknowledged live starts with less, and is told of at each start', () => {
  const { required, warning } = unwrap(ask('live', ['hmac'], true))
  assert.deepEqual(required, ['hmac'])
  assert.equal(warning, 'live asks for hmac only, without ed25519')
  assert.equal(unwrap(ask('live', BOTH, true)).warning, undefined)
})
