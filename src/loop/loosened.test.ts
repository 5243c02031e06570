import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loosenedIn } from './loosened.ts'
import { settingsSchema } from './settings.ts'

test('the standard limits are not loose, nor are stricter ones, nor those an old run did not know', () => {
  assert.deepEqual(loosenedIn(settingsSchema.parse({})), [])
  assert.deepEqual(
    loosenedIn({ gates: { maxTotalVariation: 0.1, minValidationSamples: 900 }, ledger: { minDsr: 0.99 } }),
    [],
  )
  assert.deepEqual(loosenedIn({}), [])
})

test('each limit is looser in its own direction', () => {
  const gates = { maxTotalVariation: 0.4, minValidationSamples: 100, multiplicity: false }
  assert.deepEqual(loosenedIn(settingsSchema.parse({ gates, ledger: { maxPbo: 0.5 } })), [
    { key: 'gates.maxTotalVariation', value: 0.4, standard: 0.2 },
    { key: 'gates.minValidationSamples', value: 100, standard: 500 },
    { key: 'gates.multiplicity', value: false, standard: true },
    { key: 'ledger.maxPbo', value: 0.5, standard: 0.2 },
  ])
})

test('every limit of the gates that can be configured has a direction', () => {
  const { floor, ...all } = settingsSchema.parse({}).gates
  const worst = (value: number | boolean) => (typeof value === 'number' ? [value * 2, value / 2] : [!value])
  for (const [name, value] of Object.entries(all)) {
    const found = worst(value).flatMap(other => loosenedIn({ gates: { [name]: other } }))
    assert.equal(found.length, 1, name)
  }
  for (const [name, value] of Object.entries(floor)) {
    const found = worst(value).flatMap(other => loosenedIn({ gates: { floor: { [name]: other } } }))
    assert.deepEqual(
      found.map(({ key }) => key),
      [`gates.floor.${name}`],
    )
  }
})

test('a lowered signature policy is told of', () => {
  assert.deepEqual(loosenedIn({ release: { verify: { acknowledgeSharedKey: true } } }), [
    { key: 'release.verify.acknowledgeSharedKey', value: true, standard: false },
  ])
  assert.deepEqual(loosenedIn({ release: {} }), [])
})
