import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Log } from '../base/log.ts'
import { policyOf } from './policy-of.ts'
import { settingsSchema } from './settings.ts'

const asked = (verify: object, profile: 'paper' | 'live' = 'paper') => {
  const lines: string[] = []
  const log: Log = { write: (level, event, text) => lines.push(`${level} ${event} ${text}`) }
  const settings = settingsSchema.parse({ release: { verify } })
  return { policy: policyOf({ profile, symbols: ['ES'], keys: [] }, { settings, log }), lines }
}

test('the policy of a bot is that of its profile with what the configuration says', () => {
  const { policy, lines } = asked({ maxVersionStep: 50, clockSkewMinutes: 1 })
  assert.deepEqual([policy.required, policy.maxVersionStep, policy.clockSkewMs], [['hmac'], 50, 60_000])
  assert.deepEqual([policy.channel, policy.requireBacktest, lines], ['stable', false, []])
  assert.deepEqual(asked({ required: ['ed25519'] }).policy.required, ['ed25519'])
})

test('live with a shared key alone does not start, or starts with a warning each time once that is acknowledged', () => {
  assert.throws(() => asked({ required: ['hmac'] }, 'live'), { code: 'VERIFY_LOWERED' })
  const { policy, lines } = asked({ required: ['hmac'], acknowledgeSharedKey: true }, 'live')
  assert.deepEqual(policy.required, ['hmac'])
  assert.match(lines.join(), /^warn release\.verify\.lowered live asks for hmac only/)
})
