import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { unwrap } from '../../src/base/fault.ts'
import { secretText } from '../../src/base/secret.ts'
import { installationOf } from '../../src/loop/installation-of.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
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
const HOUR = 3_600_000

type Bot = World & { readonly releases: readonly BuiltRelease[] }

/** A state directory in which three releases were installed an hour apart, and a fourth was refused. */
async function bot(context: TestContext, typing: 'the word' | 'nothing' | 'nobody' = 'the word'): Promise<Bot> {
  let now = NOW
  const ask = async (question: string) => (typing === 'nothing' ? '' : /^Type (\S+) to/.exec(question)![1]!)
  const place = await world(context, {
    environment: { MANIFEST_HMAC_KEY: SECRET },
    clock: { now: () => now },
    ...(typing === 'nobody' ? {} : { ask }),
  })
  const { ports } = place
  const state = await ports.openState(place.state)
  const slot = modelSlot()
  const installation = installationOf({ state, ports, slot, clock: ports.clock, actor: 'test' })
  unwrap(await bootSlot(installation))
  const releases: BuiltRelease[] = []
  for (const seed of [1, 2, 3, 4]) {
    now = NOW + (seed - 1) * HOUR
    const after = releases.at(-1)
    const release = tinyRelease({
      seed,
      ...(after && { after }),
      constant: seed === 4,
      nowMs: now,
      over: { keys: [key] },
    })
    releases.push(release)
    const result = await updateOnce({
      source: memorySource(release.files),
      policy: { ...POLICY, keys: [key] },
      memory: highWaterFile(ports.disk, statePaths(place.state).highWater),
      installation,
      gateContext: paperGates(),
    })
    assert.equal(result.installed, seed === 4 ? 0 : 1, JSON.stringify(result.refused))
  }
  await state.close()
  return { ...place, releases }
}

const labelOf = ({ releases }: Bot, index: number): string => releases[index]!.manifest.label

test('without a release the baseline is in charge, and every question about models has an answer', async context => {
  const { run } = await world(context)
  assert.match((await run('models', 'list')).out, /^in charge: the rule-based baseline\nno release yet/)
  assert.match((await run('models', 'history', '--verify')).out, /nothing has happened yet/)
  assert.match((await run('models', 'history', '--at', '2026-01-15')).out, /^main: the rule-based baseline/)
  assert.equal((await run('models', 'show', '1')).code, 4)
  const rollback = await run('models', 'rollback', '--reason', 'why not')
  assert.equal(rollback.code, 1)
  assert.match(rollback.err, /NOTHING_IN_CHARGE/)
})

test('releases are listed with their states, the one in charge first of all', async context => {
  const here = await bot(context)
  const { out } = await here.run('models', 'list')
  assert.ok(out.startsWith(`in charge: ${labelOf(here, 2)} (${here.releases[2]!.releaseId})\n`))
  assert.match(out, new RegExp(`${labelOf(here, 3)} +version 4 +refused`))
  const { value } = await here.json('models', 'list')
  assert.equal(value['inCharge'], here.releases[2]!.manifestSha256)
  assert.equal((value['releases'] as readonly unknown[]).length, 4)
})

test('a release is found by label, version, id and the beginning of its digest, and shown whole', async context => {
  const here = await bot(context)
  const { manifest, releaseId, manifestSha256 } = here.releases[1]!
  for (const name of [manifest.label, `v${manifest.label}`, '2', 'v2', releaseId, manifestSha256.slice(0, 8)]) {
    const { code, value } = await here.json('models', 'show', name)
    assert.equal(code, 0, name)
    assert.equal(value['digest'], manifestSha256, name)
  }
  const { out } = await here.run('models', 'show', '2')
  for (const wanted of [
    /fitted on +1970-01-01/,
    /meta: trained\n +auc 0\.5 \(n 100\)/,
    /G5 +pass/,
    /models\/meta\.onnx +\d+ bytes/,
  ]) {
    assert.match(out, wanted)
  }
  assert.match((await here.run('models', 'show', '4')).out, /gates +fail, decided by G6/)
})

test('a card is printed as it was signed, and not at all where the files are not what was signed', async context => {
  const here = await bot(context)
  const { code, value } = await here.json('models', 'card', '3')
  assert.deepEqual([code, value['card']], [0, '# Model 3\n'])
  assert.equal((await here.run('models', 'card', '9')).code, 4)
  await here.ports.disk.remove(statePaths(here.state).store)
  const lost = await here.run('models', 'card', '3')
  assert.deepEqual([lost.code, /CARD_UNSIGNED: the card is not shown/.test(lost.err)], [1, true])
})

test('two releases are compared fact by fact; one with itself is the same', async context => {
  const here = await bot(context)
  const { value } = await here.json('models', 'diff', '1', '2')
  const facts = new Map(
    (value['differences'] as readonly { readonly fact: string; readonly a: unknown; readonly b: unknown }[]).map(
      ({ fact, a, b }) => [fact, [a, b]],
    ),
  )
  assert.deepEqual(facts.get('version'), [1, 2])
  assert.ok(facts.has('models/meta.onnx'))
  assert.ok(!facts.has('channel'))
  const { out } = await here.run('models', 'diff', '1', '2')
  assert.match(out, new RegExp(`${labelOf(here, 0)} +${labelOf(here, 1)}\nversion +1 +2\n`))
  assert.match((await here.run('models', 'diff', '2', '2')).out, /they are the same/)
  assert.equal((await here.run('models', 'diff', '1', 'nothing')).code, 4)
})

test('a name that nothing has suggests the nearest; one that two have asks for the digest', async context => {
  const here = await bot(context)
  const misspelt = labelOf(here, 0).replace(/1$/, '9')
  const { code, err } = await here.run('models', 'show', misspelt)
  assert.equal(code, 4)
  assert.match(err, new RegExp(`RELEASE_UNKNOWN.*\n.*did you mean ${labelOf(here, 0)}\\?`))
  const state = await here.ports.openState(here.state)
  const [row] = await state.registry.releases()
  const texts = (await state.registry.documents(row!.digest))!
  const twin = { ...row!, ...texts, digest: 'f'.repeat(64), channel: 'other', label: 'v9.9.9', releaseId: 'r-other' }
  const report = { at: 0, reportSha256: '0', report: '{}', verdict: 'pass', decidedBy: null } as const
  await state.registry.saveRelease(twin, [], { ...report, digest: twin.digest })
  await state.close()
  const two = await here.run('models', 'show', '1')
  assert.equal(two.code, 2)
  assert.match(two.err, /RELEASE_AMBIGUOUS: 2 releases are called 1: .*\(demo\).*\(other\)/)
})

test('the history tells every change, and what was in charge at any moment', async context => {
  const here = await bot(context)
  const { out } = await here.run('models', 'history', '--verify')
  assert.match(out, new RegExp(`1 +2026-01-15 14:30:00Z +main +activated +baseline -> ${labelOf(here, 0)}`))
  assert.match(out, new RegExp(`refused +${labelOf(here, 3)} `))
  assert.match(out, /verified: 4 events, none was changed\n$/)
  for (const [time, index] of [
    ['2026-01-15T14:30:00Z', 0],
    ['2026-01-15T15:29:59Z', 0],
    ['2026-01-15T15:30:00Z', 1],
    ['2026-06-01', 2],
  ] as const) {
    const { value } = await here.json('models', 'history', '--at', time)
    const [main] = value['slots'] as readonly { readonly digest: string }[]
    assert.equal(main!.digest, here.releases[index]!.manifestSha256, time)
  }
  assert.match(
    (await here.run('models', 'history', '--at', '2026-01-15T14:29:59Z')).out,
    /rule-based baseline, nothing/,
  )
})

test('a history that was changed is refused by --verify', async context => {
  const here = await bot(context)
  const database = new DatabaseSync(`${here.state}/ratchet.db`)
  database.exec("update slot_events set cause = 'looked good' where seq = 2")
  database.close()
  assert.equal((await here.run('models', 'history')).code, 0)
  const { code, err } = await here.run('models', 'history', '--verify')
  assert.equal(code, 1)
  assert.match(err, /HISTORY_BROKEN: slot event 2 was changed/)
})

test('a rollback goes to the release before and says why in the history', async context => {
  const here = await bot(context)
  const { code, out, err } = await here.run('models', 'rollback', '--reason', 'it loses on Mondays')
  assert.equal(code, 0, err)
  assert.equal(out, `rolled back from ${labelOf(here, 2)} to ${labelOf(here, 1)}\n`)
  assert.match((await here.run('models', 'list')).out, new RegExp(`^in charge: ${labelOf(here, 1)}`))
  const history = await here.run('models', 'history', '--verify')
  assert.match(history.out, /rolledBack .* cli +it loses on Mondays\n/)
})

test('a rollback may choose its target, if that is kept, unblocked and signed with a key of today', async context => {
  const here = await bot(context)
  const reason = ['--reason', 'test'] as const
  assert.match((await here.run('models', 'rollback', '--to', '4', ...reason)).err, /RELEASE_BLOCKED/)
  assert.match((await here.run('models', 'rollback', '--to', '3', ...reason)).err, /ROLLBACK_TARGET.*in charge already/)
  assert.equal((await here.run('models', 'rollback', '--to', '77', ...reason)).code, 4)
  const { code, value } = await here.json('models', 'rollback', '--to', labelOf(here, 0), ...reason)
  assert.equal(code, 0)
  assert.deepEqual([value['from'], value['to']], [here.releases[2]!.manifestSha256, here.releases[0]!.manifestSha256])
  const blocked = await here.run('models', 'rollback', '--to', '3', ...reason)
  assert.equal(blocked.code, 1)
  assert.match(blocked.err, /RELEASE_BLOCKED: release .* is blocked: test/)
})

test('a rollback shows what it does, also with --quiet, and does nothing until the version is typed', async context => {
  const here = await bot(context, 'nothing')
  const { code, out, err } = await here.run('models', 'rollback', '--reason', 'a slip', '--quiet')
  assert.deepEqual([code, out], [1, ''])
  assert.match(err, new RegExp(`^release ${labelOf(here, 2)} stops deciding and is blocked\n[^]*NOT_CONFIRMED`))
  assert.match((await here.run('models', 'list')).out, new RegExp(`^in charge: ${labelOf(here, 2)}`))
})

test('a script reads the preview first and then names it: --yes alone, or an id of another state, does nothing', async context => {
  const here = await bot(context, 'nobody')
  const rollback = ['models', 'rollback', '--reason', 'by a script']
  const idIn = (value: Record<string, unknown>) =>
    /--preview-id (\w{12})/.exec((value['error'] as { readonly fix: string }).fix)![1]!
  for (const line of [rollback, [...rollback, '--yes']]) {
    const { code, value } = await here.json(...line)
    assert.equal(code, 1)
    assert.equal((value['error'] as { readonly code: string }).code, 'CONFIRM_NEEDED')
  }
  const id = idIn((await here.json(...rollback)).value)
  const other = await here.json(...rollback, '--to', '1', '--yes', '--preview-id', id)
  assert.equal(other.code, 5)
  assert.equal((other.value['error'] as { readonly code: string }).code, 'PREVIEW_STALE')
  assert.equal((await here.run(...rollback, '--yes', '--preview-id', id)).code, 0)
  // The same id a second time: another release is in charge now.
  assert.equal((await here.run(...rollback, '--yes', '--preview-id', id)).code, 5)
})

test('a rollback without a reason is a usage error; beside a running loop it is a conflict', async context => {
  const here = await bot(context)
  assert.equal((await here.run('models', 'rollback')).code, 2)
  const busy = await here.ports.withLock(runLockOf(here.state), () => here.run('models', 'rollback', '--reason', 'x'))
  assert.equal(busy.code, 5)
  assert.match(busy.err, /LOCK_BUSY/)
  assert.match((await here.run('models', 'list')).out, new RegExp(`^in charge: ${labelOf(here, 2)}`))
})
