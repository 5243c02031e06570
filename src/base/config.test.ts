import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { type ConfigSources, configEntries, fileKeys, loadConfig } from './config.ts'
import { Fault } from './fault.ts'

const schema = z.strictObject({
  training: z.strictObject({ seed: z.int().min(0).default(42), enabled: z.boolean().default(true) }).prefault({}),
  symbols: z.array(z.string()).default(['ES']),
})
const load = (sources: Partial<ConfigSources>) => loadConfig(schema, { env: {}, sets: [], ...sources })

const problemOf = (sources: Partial<ConfigSources>): Fault => {
  try {
    load(sources)
  } catch (error) {
    if (error instanceof Fault) return error
  }
  return assert.fail('the configuration was accepted')
}

test('without sources every key has its default', () => {
  assert.deepEqual(load({}), { training: { seed: 42, enabled: true }, symbols: ['ES'] })
})

test('file, environment and command line override in this order', () => {
  const file = {
    name: 'ratchet.json',
    text: '{ // mine\n "training": { "seed": 1, }, /* x */ "symbols": ["NQ // no comment"] }',
  }
  assert.equal(load({ file }).training.seed, 1)
  assert.deepEqual(load({ file }).symbols, ['NQ // no comment'])
  assert.equal(load({ file, env: { RATCHET__TRAINING__SEED: '2' } }).training.seed, 2)
  assert.equal(load({ file, env: { ratchet__training__seed: '2' }, sets: ['training.seed=3'] }).training.seed, 3)
})

test('familiar environment names reach their key', () => {
  assert.equal(load({ env: { SEED: '9' }, aliases: { SEED: 'training.seed' } }).training.seed, 9)
})

test('two variables that say different things of one key stop the start and are both named; saying the same is fine', () => {
  const aliases = { SEED: 'training.seed' }
  const { code, message } = problemOf({ env: { SEED: '9', RATCHET__TRAINING__SEED: '8' }, aliases })
  assert.equal(code, 'CONFIG_INVALID')
  assert.match(message, /training\.seed is set by SEED and by RATCHET__TRAINING__SEED, and they differ/)
  assert.equal(load({ env: { SEED: '9', RATCHET__TRAINING__SEED: '9' }, aliases }).training.seed, 9)
})

test('every key is told with its value, what is usual and who set it', () => {
  const file = { name: 'r.json', text: '{"Training": {"SEED": 1}}' }
  assert.deepEqual(configEntries(schema, { file, env: {}, sets: ['training.enabled=false'] }), [
    { key: 'training.seed', value: 1, usual: 42, source: 'r.json' },
    { key: 'training.enabled', value: false, usual: true, source: '--set training.enabled=false' },
    { key: 'symbols', value: ['ES'], usual: ['ES'], source: 'default' },
  ])
})

test('keys of a foreign file are found in any case, and those that nothing here is called are told', () => {
  const file = { name: 'old.json', text: '{"Training": {"Seed": 1, "Wings": 2}}' }
  assert.deepEqual(fileKeys(schema, file), [
    { given: 'Training.Seed', key: 'training.seed', value: 1 },
    { given: 'Training.Wings', key: undefined, value: 2 },
  ])
})

test('all problems are listed at once with key, value, source and the nearest known key', () => {
  const { code, message } = problemOf({ sets: ['training.sede=1', 'training.seed=-4', 'training.enabled=perhaps'] })
  assert.equal(code, 'CONFIG_INVALID')
  assert.match(message, /^3 configuration problems/)
  assert.match(message, /training\.sede .*did you mean training\.seed/)
  assert.match(message, /training\.seed = -4 \(--set training\.seed=-4\)/)
  assert.match(message, /training\.enabled = "perhaps"/)
})

test('broken files and malformed settings have their own codes', () => {
  assert.equal(problemOf({ file: { name: 'r.json', text: '{' } }).code, 'CONFIG_SYNTAX')
  assert.equal(problemOf({ file: { name: 'r.json', text: '[]' } }).code, 'CONFIG_SYNTAX')
  assert.equal(problemOf({ sets: ['nonsense'] }).code, 'CONFIG_SET')
})

test('a section cannot be set as if it were a value', () => {
  assert.match(problemOf({ sets: ['training=5'] }).message, /training .* is no key/)
})
