import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { loadConfig } from '../base/config.ts'
import { Fault } from '../base/fault.ts'
import { refuseInProduction } from './refuse-in-production.ts'
import { settingsSchema } from './settings.ts'
import { checkEnvironment, settingAliases, unreadNames } from './settings-environment.ts'
import { startingRing } from './signing-key.ts'

const BOTH = 'release.verify.required=["hmac","ed25519"]'
const load = (env: Record<string, string>, ...sets: string[]) =>
  loadConfig(settingsSchema, { env, sets, aliases: settingAliases(env) })
const codeOf = (code: string) => (error: unknown) => error instanceof Fault && error.code === code
const codeIs = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.code === code && words.test(error.message)

test('the mode is development unless RATCHET_MODE says otherwise, or NODE_ENV where that is silent', () => {
  assert.equal(load({}).mode, 'development')
  assert.equal(load({ NODE_ENV: 'test' }).mode, 'development')
  assert.equal(load({ NODE_ENV: 'production' }, BOTH).mode, 'production')
  assert.equal(load({ NODE_ENV: 'production', RATCHET_MODE: 'development' }).mode, 'development')
  assert.throws(() => load({ RATCHET_MODE: 'prod' }), codeOf('CONFIG_INVALID'))
})

test('production refuses a short sync gap and a channel that wants one signature, both at once', () => {
  assert.throws(
    () => load({ RATCHET_MODE: 'production' }, 'cloudSync.minGapMinutes=1'),
    codeIs('CONFIG_INVALID', /^2 configuration problems: cloudSync\.minGapMinutes = 1 .*release\.verify\.required/),
  )
  assert.equal(load({ RATCHET_MODE: 'production' }, BOTH).mode, 'production')
  assert.equal(load({ RATCHET_MODE: 'production' }, 'release.verify.acknowledgeSharedKey=true').mode, 'production')
  assert.equal(load({}, 'cloudSync.minGapMinutes=1').cloudSync.minGapMinutes, 1)
})

test('production starts neither without a key that somebody made, nor with a weak one, nor on simulated bars', async () => {
  const real = { symbol: 'ES', provenance: 'real' } as const
  const KEY = '6f1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100ab'
  const portsOf = (environment: Record<string, string>, mode: 'development' | 'production' = 'production') => ({
    disk: memoryDisk(),
    environment,
    entropy: (count: number) => new Uint8Array(count).fill(7),
    clock: { now: () => 0 },
    settings: { mode },
  })
  await assert.rejects(refuseInProduction(real, 'state', portsOf({})), codeOf('KEY_MISSING'))
  await assert.rejects(startingRing('state', portsOf({})), codeOf('KEY_MISSING'))
  await assert.rejects(
    refuseInProduction(real, 'state', portsOf({ MANIFEST_HMAC_KEY: 'short' })),
    codeOf('KEY_TOO_SHORT'),
  )
  const weak = { MANIFEST_HMAC_KEY: KEY, MANIFEST_MASTER_KEY: 'please-change-me-please-change-me' }
  await assert.rejects(refuseInProduction(real, 'state', portsOf(weak)), codeOf('KEY_EXAMPLE'))
  const good = portsOf({ MANIFEST_HMAC_KEY: KEY })
  await refuseInProduction(real, 'state', good)
  await assert.rejects(
    refuseInProduction({ symbol: 'ES', provenance: 'simulated' }, 'state', good),
    codeOf('DATA_SIMULATED'),
  )
  await refuseInProduction({ symbol: 'ES', provenance: 'simulated' }, 'state', portsOf({}, 'development'))
})

test('a familiar name is honoured, refused with what to do, or told of: none is ignored', () => {
  const nothing = () => undefined
  assert.equal(load({ PORT: '8123' }).api.port, 8123)
  assert.equal(load({ BACKUP_DIR: '/mnt/copies' }).backup.dir, '/mnt/copies')
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'MODEL_MANIFEST_URL', 'S3_BUCKET']) {
    assert.throws(
      () => checkEnvironment({ [name]: 'x' }, nothing),
      codeIs('CONFIG_ENVIRONMENT', new RegExp(`^${name} is set, but`)),
    )
    checkEnvironment({ [name]: '' }, nothing)
  }
  checkEnvironment({ DRY_RUN: 'true', RATCHET_ROLE: 'all' }, nothing)
  assert.throws(() => checkEnvironment({ DRY_RUN: '0' }, nothing), codeOf('CONFIG_ENVIRONMENT'))
  assert.deepEqual(unreadNames({ GITHUB_TOKEN: 'x', SMTP_URL: ' ' }), ['GITHUB_TOKEN'])
})

test('a secret that its variable and its file tell differently stops, without telling either', () => {
  const environment = { FRED_API_KEY: 'alpha', FRED_API_KEY_FILE: 'key.txt' }
  checkEnvironment(environment, () => 'alpha\n')
  checkEnvironment(environment, () => undefined)
  assert.throws(
    () => checkEnvironment(environment, () => 'beta'),
    (error: unknown) =>
      error instanceof Fault && error.code === 'CONFIG_ENVIRONMENT' && !/alpha|beta/.test(JSON.stringify(error)),
  )
})
