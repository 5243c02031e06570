// A person's hand on releases from the command line: promote, pin, unpin, block, unblock, each with a reason that the history keeps.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { unwrap } from '../../src/base/fault.ts'
import { secretText } from '../../src/base/secret.ts'
import { roleSchema } from '../../src/features/schema.ts'
import { installationOf } from '../../src/loop/installation-of.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { cashInstrument } from '../../src/market/instrument.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import { highWaterFile } from '../../src/release/high-water.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { paperGates } from '../../src/serving/fixtures/bot.ts'
import { KEY, memorySource, NOW, POLICY, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { modelSlot } from '../../src/serving/slot.ts'
import { updateOnce } from '../../src/serving/updater.ts'
import { type World, world } from './host.ts'

const SECRET = 'a key for tests that nobody else has, 9'
const key = { ...KEY, keyid: 'hmac:manifest:1', secret: secretText(SECRET) }
/** The columns that a bot without bars compares with: those of the product, at the release's length of a bar. */
const SCHEMA = roleSchema(
  { instrument: cashInstrument('', '24x7'), calendar: calendarOf('24x7'), barMs: 86_400_000 },
  { hasVolume: true },
)
const reason = ['--reason', 'looked at it'] as const

type Bot = World & { readonly releases: readonly BuiltRelease[] }

/** Three releases were installed in turn; with `byHand` the last one waits. */
async function bot(context: TestContext, byHand = false): Promise<Bot> {
  const place = await world(context, {
    environment: { MANIFEST_HMAC_KEY: SECRET },
    clock: { now: () => NOW },
    ask: async question => /^Type (\S+) to/.exec(question)![1]!,
  })
  const { ports } = place
  const state = await ports.openState(place.state)
  const installation = installationOf({ state, ports, slot: modelSlot(), clock: ports.clock, actor: 'test' })
  unwrap(await bootSlot(installation))
  const releases: BuiltRelease[] = []
  for (const seed of [1, 2, 3]) {
    const after = releases.at(-1)
    const release = tinyRelease({ seed, ...(after && { after }), schema: SCHEMA, nowMs: NOW, over: { keys: [key] } })
    releases.push(release)
    const { refused } = await updateOnce({
      source: memorySource(release.files),
      policy: { ...POLICY, keys: [key] },
      memory: highWaterFile(ports.disk, statePaths(place.state).highWater),
      installation: { ...installation, autoPromote: !(byHand && seed === 3) },
      gateContext: paperGates(SCHEMA),
    })
    assert.deepEqual(refused, [])
  }
  await state.close()
  return { ...place, releases }
}

const labelOf = ({ releases }: Bot, index: number): string => releases[index]!.manifest.label

test('a release that waits is promoted through the gates, and the history says why', async context => {
  const here = await bot(context, true)
  assert.match((await here.run('models', 'list')).out, new RegExp(`${labelOf(here, 2)} +version 3 +waiting`))
  const { code, value } = await here.json('models', 'promote', '3', ...reason)
  assert.equal(code, 0, JSON.stringify(value))
  assert.deepEqual([value['label'], value['inCharge']], [labelOf(here, 2), here.releases[2]!.releaseId])
  const gates = value['gates'] as readonly { readonly gate: string; readonly result: string }[]
  assert.deepEqual(
    gates.slice(0, 5).map(({ gate, result }) => `${gate} ${result}`),
    ['G1 pass', 'G2 pass', 'G3 pass', 'G4 pass', 'G5 pass'],
  )
  const history = await here.run('models', 'history', '--verify')
  assert.match(history.out, /activated .* operator +looked at it\n/)
  assert.match(history.out, /waiting +\S+ +test +passed its gates/)
})

test('the gate that cannot be set aside is named; promoting what decides already is a conflict', async context => {
  const here = await bot(context)
  const final = await here.run('models', 'promote', '2', '--override', 'G7,G5', ...reason)
  assert.equal(final.code, 1)
  assert.match(final.err, /GATE_FINAL: what G5 says cannot be set aside/)
  const again = await here.run('models', 'promote', '3', ...reason)
  assert.deepEqual([again.code, /ALREADY_IN_CHARGE/.test(again.err)], [5, true])
  assert.equal((await here.run('models', 'promote', '77', ...reason)).code, 4)
})

test('a pin keeps the release in charge until it is taken away, and can be of no other', async context => {
  const here = await bot(context)
  assert.equal((await here.run('models', 'unpin', ...reason)).code, 5)
  const other = await here.run('models', 'pin', '2', ...reason)
  assert.equal(other.code, 5)
  assert.match(other.err, /PIN_TARGET/)
  const { code, out } = await here.run('models', 'pin', '3', ...reason)
  assert.equal(code, 0)
  assert.match(out, new RegExp(`^pinned to ${labelOf(here, 2)}: new releases are ignored\n`))
  const promoted = await here.run('models', 'promote', '2', ...reason)
  assert.deepEqual([promoted.code, /SLOT_PINNED/.test(promoted.err)], [5, true])
  assert.equal((await here.run('models', 'unpin', '--reason', 'tested')).code, 0)
  assert.equal((await here.run('models', 'promote', '2', ...reason)).code, 0)
})

test('a blocked release is not promoted nor gone back to until the block is lifted', async context => {
  const here = await bot(context)
  const active = await here.run('models', 'block', '3', ...reason)
  assert.deepEqual([active.code, /RELEASE_IN_CHARGE/.test(active.err)], [5, true])
  assert.equal((await here.run('models', 'block', '2', ...reason)).code, 0)
  assert.match((await here.run('models', 'list')).out, new RegExp(`${labelOf(here, 1)}.*blocked: looked at it`))
  for (const asked of [['promote', '2'] as const, ['rollback', '--to', '2'] as const]) {
    assert.match((await here.run('models', ...asked, ...reason)).err, /RELEASE_BLOCKED/)
  }
  assert.equal((await here.run('models', 'unblock', '2', '--reason', 'mended')).code, 0)
  assert.equal((await here.run('models', 'promote', '2', ...reason)).code, 0)
})

test('after a rollback promotion rests until a person resumes it, which is told and stands in the history', async context => {
  const here = await bot(context)
  const idle = await here.run('models', 'resume-promotion', ...reason)
  assert.deepEqual([idle.code, /NOT_PAUSED/.test(idle.err)], [5, true])
  assert.equal((await here.run('models', 'rollback', ...reason)).code, 0)
  const { code, value } = await here.json('models', 'resume-promotion', '--reason', 'the feed is mended')
  assert.deepEqual([code, value['label']], [0, labelOf(here, 2)])
  assert.match((await here.run('models', 'history')).out, /resumed .* operator +the feed is mended/)
})

test('without a reason, or while a loop holds the slot, nothing is done', async context => {
  const here = await bot(context)
  for (const verb of [['promote', '2'], ['pin', '3'], ['unpin'], ['block', '2'], ['unblock', '2']]) {
    assert.equal((await here.run('models', ...verb)).code, 2, verb.join(' '))
    assert.equal((await here.run('models', ...verb, '--reason', 'x')).code, 2, verb.join(' '))
  }
  await here.ports.withLock(runLockOf(here.state), async () => {
    assert.equal((await here.run('models', 'pin', '3', ...reason)).code, 5)
  })
})
