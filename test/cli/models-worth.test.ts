// `ratchet models worth`: shares of what trainings by the clock came to, from the outside.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retrainingBook } from '../../src/loop/retraining-book.ts'
import { world } from './host.ts'

const drift = {
  kind: 'drift',
  model: 'meta',
  detector: 'psi',
  severity: 'high',
  sentence: 'rsi moved',
} as const

test('shares are told by pipeline, model and trigger; nothing trained is said as such', async context => {
  const { run, json, ports, state } = await world(context)
  assert.match((await run('models', 'worth')).out, /^nothing was trained by the clock yet/)
  const worth = (helped: boolean) => ({ n: 40, lossGain: helped ? 0.1 : -0.1, rGain: 0, helped })
  await retrainingBook(ports.disk, state).write('stable/SPX', (own, budget) => [
    {
      ...own,
      retrainings: [
        { cause: { kind: 'schedule' }, worth: worth(true) },
        { cause: { kind: 'schedule' }, worth: worth(false) },
        { cause: drift, worth: null },
      ],
    },
    budget,
  ])
  const { code, value } = await json('models', 'worth')
  assert.equal(code, 0)
  assert.deepEqual(value['pipelines'], [
    {
      pipeline: 'stable/SPX',
      shares: [
        { model: 'meta', trigger: 'psi', trainings: 1, compared: 0, helped: 0, share: null },
        { model: 'set', trigger: 'schedule', trainings: 2, compared: 2, helped: 1, share: 0.5 },
      ],
    },
  ])
  assert.match(
    (await run('models', 'worth')).out,
    /stable\/SPX +set +schedule +2 trainings +1 of 2 compared helped +50 %/,
  )
})
