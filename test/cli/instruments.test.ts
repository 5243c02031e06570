// Instruments of the configuration, through the verbs that trade them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../src/base/config.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { SAMPLE, world } from './host.ts'

const DECLARED = [
  {
    root: 'FUND',
    calendar: 'nyse',
    tick: 0.01,
    tickValue: 0.01,
    commissionPerSide: 0.005,
    minSlippage: { rth: 1, eth: 1 },
  },
]
const settingsWith = (instruments: unknown) =>
  loadConfig(settingsSchema, { env: {}, sets: [`instruments=${JSON.stringify(instruments)}`] })

test('a declared instrument is traded at its declared costs', async t => {
  const { run } = await world(t, { ports: { settings: settingsWith(DECLARED) } })
  const { code, out } = await run('backtest', '--bars', SAMPLE, '--symbol', 'FUND', '--monte-carlo', '10')
  assert.equal(code, 0)
  assert.match(out, /\$1 a point, \$0\.005 commission a side/)
  assert.match(out, /slippage of at least 1 steps of 0\.01/)
  assert.doesNotMatch(out, /none is counted/)
})

test('a backtest of a symbol that nobody declared says that its costs are left out', async t => {
  const { run } = await world(t)
  const { out } = await run('backtest', '--bars', SAMPLE, '--symbol', 'FUND', '--monte-carlo', '10')
  assert.match(out, /no commission and no least slippage of FUND is declared, and none is counted/)
})

test('a wrong declaration is refused before anything is opened, with its key', () => {
  const wrong = [{ ...DECLARED[0], tickValue: 1 }]
  assert.throws(() => settingsWith(wrong), {
    code: 'CONFIG_INVALID',
    message: /instruments\.0\.tickValue .*is not tick 0\.01/,
  })
})
