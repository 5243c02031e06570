// `ratchet models import`: a model that somebody brings passes the gates of every other, for paper only, or the models in charge stay.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { unwrap } from '../../src/base/fault.ts'
import { secretText } from '../../src/base/secret.ts'
import { roleSchema } from '../../src/features/schema.ts'
import { installationOf } from '../../src/loop/installation-of.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { featureSchemaHash } from '../../src/market/feature-schema.ts'
import { cashInstrument } from '../../src/market/instrument.ts'
import { floatsAttr, node } from '../../src/onnx/build.ts'
import { encodeModel } from '../../src/onnx/encode.ts'
import type { OnnxModel } from '../../src/onnx/model.ts'
import { highWaterFile } from '../../src/release/high-water.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { paperGates } from '../../src/serving/fixtures/bot.ts'
import { KEY, memorySource, NOW, POLICY, tinyModel, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { modelSlot } from '../../src/serving/slot.ts'
import { updateOnce } from '../../src/serving/updater.ts'
import { type World, world } from './host.ts'

const SECRET = 'a key for tests that nobody else has, 9'
const key = { ...KEY, keyid: 'hmac:manifest:1', secret: secretText(SECRET) }
const SCHEMA = roleSchema(
  { instrument: cashInstrument('', '24x7'), calendar: calendarOf('24x7'), barMs: 86_400_000 },
  { hasVolume: true },
)
const said = ['--fitted-until', '2025-12-31', '--reason', 'made by the desk'] as const

/** A state directory in which one release is in charge. */
async function bot(context: TestContext): Promise<World> {
  const place = await world(context, { environment: { MANIFEST_HMAC_KEY: SECRET }, clock: { now: () => NOW } })
  const { ports } = place
  const state = await ports.openState(place.state)
  const installation = installationOf({ state, ports, slot: modelSlot(), clock: ports.clock, actor: 'test' })
  unwrap(await bootSlot(installation))
  const release = tinyRelease({ seed: 1, schema: SCHEMA, nowMs: NOW, over: { keys: [key] } })
  const { refused } = await updateOnce({
    source: memorySource(release.files),
    policy: { ...POLICY, keys: [key] },
    memory: highWaterFile(ports.disk, statePaths(place.state).highWater),
    installation,
    gateContext: paperGates(SCHEMA),
  })
  assert.deepEqual(refused, [])
  await state.close()
  return place
}

/** A graph of a role that also answers rows with missing values, as a bot meets them. */
function complete(role: 'meta' | 'execution', seed: number, constant = false): OnnxModel {
  const model = tinyModel(role, seed, constant, SCHEMA)
  const width = SCHEMA[role]!.length
  const attributes = {
    imputed_value_floats: floatsAttr(Array<number>(width).fill(0)),
    replaced_value_float: { kind: 'float', value: Number.NaN } as const,
  }
  const filled = node('Imputer', ['input'], ['filled'], attributes, { domain: 'ai.onnx.ml' })
  const nodes = model.nodes.map(each => ({
    ...each,
    inputs: each.inputs.map(name => (name === 'input' ? 'filled' : name)),
  }))
  return { ...model, nodes: [filled, ...nodes] }
}

function put(here: World, model: OnnxModel): string {
  const file = join(here.directory, 'brought.onnx')
  writeFileSync(file, encodeModel(model))
  return file
}

test('a model takes its role of the release in charge through every gate, for paper only', async context => {
  const here = await bot(context)
  const { code, value } = await here.json('models', 'import', put(here, complete('meta', 2)), ...said)
  assert.equal(code, 0, JSON.stringify(value))
  assert.deepEqual([value['installed'], value['role']], [true, 'meta'])
  const gates = value['gates'] as readonly { readonly gate: string; readonly result: string }[]
  assert.deepEqual(
    gates.slice(0, 5).map(({ gate, result }) => `${gate} ${result}`),
    ['G1 pass', 'G2 pass', 'G3 pass', 'G4 pass', 'G5 pass'],
  )
  const show = await here.json('models', 'show', String(value['digest']))
  const manifest = show.value['manifest'] as { channel: string; audience: { profile: string } }
  assert.deepEqual([show.value['inCharge'], manifest.channel, manifest.audience.profile], [true, 'import', 'paper'])
  const evaluation = show.value['evaluation'] as {
    roles: Record<string, { holdout: object }>
    windows: { fit: number[] }
  }
  assert.deepEqual(evaluation.roles['meta']!.holdout, {}, 'nothing is claimed of a model that nobody measured here')
  assert.equal(evaluation.windows.fit[1], Date.UTC(2025, 11, 31))
  assert.match((await here.run('models', 'history')).out, /operator +made by the desk/)
})

test('a gate that says no leaves the models in charge where they are', async context => {
  const here = await bot(context)
  const before = (await here.json('models', 'list')).value['inCharge']
  const { code, out } = await here.run('models', 'import', put(here, complete('execution', 2, true)), ...said)
  assert.equal(code, 1)
  assert.match(out, /^not imported: GATE_REFUSED: G6/)
  assert.equal((await here.json('models', 'list')).value['inCharge'], before)
})

test('what cannot be judged is refused in words: no role, no answer to missing values, no time, no release to join', async context => {
  const here = await bot(context)
  const sound = complete('meta', 2)
  const refusal = async (model: OnnxModel, ...words: readonly string[]) =>
    (await here.run('models', 'import', put(here, model), ...(words.length === 0 ? said : words))).err
  const renamed = {
    ...sound,
    nodes: sound.nodes.map(each => ({
      ...each,
      outputs: each.outputs.map(name => (name === 'probabilities' ? 'y' : name)),
    })),
    outputs: [{ ...sound.outputs[0]!, name: 'y' }],
  }
  assert.match(await refusal(renamed), /^IMPORT_ROLE: /)
  assert.match(await refusal(sound, ...said, '--role', 'execution'), /^IMPORT_ROLE: /)
  assert.match(await refusal(tinyModel('meta', 2, false, SCHEMA)), /^EXPORT_PARITY: /)
  assert.match(await refusal(sound, '--reason', 'why not now'), /^USAGE: .*--fitted-until/)
  assert.match(await refusal(sound, '--fitted-until', '2030-01-01', '--reason', 'why not now'), /^USAGE: .*future/)
  const narrow = { ...SCHEMA, meta: SCHEMA['meta']!.slice(1) }
  assert.match(await refusal(tinyModel('meta', 2, false, narrow)), /^ONNX_INTERFACE: /)
  const permuted = { ...SCHEMA, meta: SCHEMA['meta']!.toReversed() }
  const claiming = { ...sound, metadata: { schemaSha256: featureSchemaHash(permuted) } }
  assert.match(await refusal(claiming), /^FEATURE_SCHEMA: /, 'the same shape in another order')
  const empty = await world(context, { environment: { MANIFEST_HMAC_KEY: SECRET }, clock: { now: () => NOW } })
  assert.match((await empty.run('models', 'import', put(here, sound), ...said)).err, /^IMPORT_NO_BASE: /)
})

test('the blocks of another installation’s registry file are taken over once', async context => {
  const [one, other] = [await bot(context), await bot(context)]
  const block = ['--reason', 'it lost money there'] as const
  await one.run('models', 'import', put(one, complete('meta', 2)), ...said)
  const releases = (await one.json('models', 'list')).value['releases'] as { digest: string; inCharge: boolean }[]
  const previous = releases.find(({ inCharge }) => !inCharge)!
  const blocked = await one.run('models', 'block', previous.digest, ...block)
  assert.equal(blocked.code, 0, blocked.err)
  const file = join(one.state, 'config', 'model-registry.json')
  const first = await other.json('models', 'import', file, '--reason', 'what others learned')
  assert.deepEqual([first.code, (first.value['added'] as unknown[]).length], [0, 2], 'the release and its models')
  const second = await other.json('models', 'import', file, '--reason', 'what others learned')
  assert.deepEqual(second.value, { known: 2, added: [] })
})
