// Exit codes of good, bad, missing and locked input, and the shape of each verb's JSON, verb by verb (CLI-05). Seed of the bars: those of
// the sample; of the release 1.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../src/base/config.ts'
import { secretText } from '../../src/base/secret.ts'
import { verbPages } from '../../src/cli/reference.ts'
import { VERBS } from '../../src/cli/verbs.ts'
import { roleSchema } from '../../src/features/schema.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { cashInstrument } from '../../src/market/instrument.ts'
import { KEY, NOW, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { writerLock } from '../../src/serving/lock.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { SAMPLE, type World, world } from './host.ts'
import { VERB_LINES } from './verb-table.ts'

const SECRET = 'a key for tests that nobody else has, 9'
/** The columns that a bot without bars compares with, at the release's length of a bar. */
const SCHEMA = roleSchema(
  { instrument: cashInstrument('', '24x7'), calendar: calendarOf('24x7'), barMs: 86_400_000 },
  { hasVolume: true },
)
const SHAPES = fileURLToPath(new URL('fixtures/json-shapes.json', import.meta.url))

type Shape = string | readonly Shape[] | { readonly [key: string]: Shape }

/** Types without values; what an array holds is told once, and keys that are data are one. */
function shapeOf(value: unknown): Shape {
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    const shapes = new Map(value.map(one => [JSON.stringify(shapeOf(one)), shapeOf(one)]))
    return [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shape]) => shape)
  }
  if (typeof value !== 'object') return typeof value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length > 0 && entries.every(([key]) => !/^[a-z][A-Za-z0-9]*$/.test(key))) {
    return { '*': shapeOf(entries.map(([, inner]) => inner as unknown)) }
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, shapeOf(inner)]))
}

/** A person who types whatever is asked for. */
const typing = async (question: string): Promise<string> => /^Type (\S+) to/.exec(question)?.[1] ?? ''

async function place(
  context: Parameters<typeof world>[0],
): Promise<World & { readonly fill: (line: string) => string[] }> {
  const settings = loadConfig(settingsSchema, { env: {}, sets: ['release.channel=demo'] })
  const here = await world(context, {
    environment: { MANIFEST_HMAC_KEY: SECRET },
    clock: { now: () => NOW },
    ask: typing,
    ports: { settings },
  })
  const bars = join(here.directory, 'bars.csv')
  writeFileSync(bars, readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 401).join('\n'))
  const release = join(here.directory, 'release')
  const key = { ...KEY, keyid: 'hmac:manifest:1', secret: secretText(SECRET) }
  for (const [name, bytes] of tinyRelease({ seed: 1, schema: SCHEMA, nowMs: NOW, over: { keys: [key] } }).files) {
    mkdirSync(dirname(join(release, name)), { recursive: true })
    writeFileSync(join(release, name), bytes)
  }
  const places: Readonly<Record<string, string>> = {
    '{bars}': bars,
    '{release}': release,
    '{own}': join(here.directory, 'own'),
    '{none}': join(here.directory, 'none'),
  }
  const filled = (word: string) => word.replace(/\{\w+\}/, name => places[name] ?? name)
  return {
    ...here,
    fill: line =>
      line
        .split(' ')
        .filter(word => word !== '')
        .map(filled),
  }
}

test('the table has a line for every verb, and says why where a verb is not run', () => {
  const listed = new Set(VERB_LINES.map(({ verb }) => verb))
  const known = new Set(['data import', ...verbPages(VERBS).map(({ words }) => words)])
  assert.deepEqual(
    [...listed].filter(verb => !known.has(verb)),
    [],
    'of the table, but no verb',
  )
  assert.deepEqual(
    VERB_LINES.filter(({ good, reason }) => good === undefined && reason === undefined),
    [],
  )
})

test('good input ends with 0 and JSON of a known shape; what is missing, held or misspelt by its code, in JSON too', async context => {
  const { json, run, fill, state, ports } = await place(context)
  const shapes: Record<string, Shape> = {}
  const wrong: string[] = []
  const expect = (code: number, wanted: number, what: string, said: unknown): void => {
    if (code !== wanted) wrong.push(`${what}: ${code} in place of ${wanted}: ${JSON.stringify(said)}`)
  }
  for (const { verb, good, missing, lock } of VERB_LINES) {
    const words = verb.split(' ')
    const ask = (line: string) => json(...words, ...fill(line))
    if (missing !== undefined) {
      const { code, value } = await ask(missing[0])
      expect(code, missing[1], `${verb} ${missing[0]}`, value)
    }
    if (good !== undefined && lock !== undefined) {
      const held =
        lock === 'run' ? undefined : await writerLock(ports.disk, statePaths(state).lock, ports.host).acquire('test')
      const busy = lock === 'run' ? await ports.withLock(runLockOf(state), () => ask(good)) : await ask(good)
      if (held?.ok === true) await held.value.release()
      expect(busy.code, 5, `${verb} beside another`, busy.value)
    }
    if (good !== undefined) {
      const { code, value } = await ask(good)
      expect(code, 0, `${verb} ${good}`, value)
      // That one is a schema, of the configuration.
      if (verb !== 'config schema') shapes[verb] = shapeOf(value)
    }
    const bad = await run(...words, '--no-such-option')
    expect(bad.code, 2, `${verb} --no-such-option`, bad.err)
  }
  assert.deepEqual(wrong, [])
  if (process.env['RATCHET_WRITE_DOCS'] === '1') writeFileSync(SHAPES, `${JSON.stringify(shapes, null, 1)}\n`)
  const known = JSON.parse(readFileSync(SHAPES, 'utf8')) as Record<string, Shape>
  for (const [verb, shape] of Object.entries(shapes)) {
    assert.deepEqual(
      shape,
      known[verb],
      `${verb} --json; wanted so? RATCHET_WRITE_DOCS=1 node --test test/cli/verb-table.test.ts`,
    )
  }
})
