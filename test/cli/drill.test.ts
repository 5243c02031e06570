// `ratchet drill` and `ratchet models backup` on a state directory with real releases in it, from the outside.

import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { replayClock } from '../../src/base/clock.ts'
import { openState } from '../../src/entry/state.ts'
import { contentStore } from '../../src/release/store.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn, syncOnce } from '../../src/serving/fixtures/bot.ts'
import { KEY, memorySource, NOW, POLICY, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { world } from './host.ts'

/** As the environment gives it. */
const OWN = { ...KEY, keyid: 'hmac:manifest:1' }
const first = tinyRelease({ seed: 1, over: { keys: [OWN] } })
const second = tinyRelease({ seed: 2, after: first, over: { keys: [OWN] } })

/** A state directory in which two releases took charge, one after the other. */
async function installed(context: TestContext) {
  const secret = new TextDecoder().decode(KEY.secret.reveal())
  const environment = { MANIFEST_HMAC_KEY: secret }
  const made = await world(context, { clock: replayClock(NOW + 60_000), environment })
  const state = await openState(made.state)
  const disk = nodeDisk()
  const paths = statePaths(made.state)
  const bot = installationOn({ disk, paths, store: contentStore(disk, paths.store) })
  const installation = { ...bot, registry: state.registry }
  assert.ok((await bootSlot(installation)).ok)
  const source = memorySource(first.files)
  for (const { files } of [first, second]) {
    source.offer(files)
    assert.equal((await syncOnce(installation, source, { policy: { ...POLICY, keys: [OWN] } })).installed, 1)
  }
  await state.close()
  return made
}

/** Every file with its bytes, but for the database, whose own files change with every opening, and what a rehearsal leaves. */
function filesOf(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name))
  const told = paths.filter(path => !/ratchet\.db|\/reports\/|\.lock$|state\/drills\.json$/.test(path))
  return new Map(told.map(path => [path, readFileSync(path, 'base64')]))
}

test('SRV-80: drill run all passes end to end, leaves the installation as it was, and writes a report', async context => {
  const { run, json, state } = await installed(context)
  const before = filesOf(state)
  const { code, value } = await json('drill', 'run', 'all')
  assert.equal(code, 0, JSON.stringify(value))
  const { outcomes, score, missed, skipped } = value as Record<string, unknown> & {
    readonly outcomes: readonly { readonly name: string; readonly verdict: string; readonly safeAfterMs?: number }[]
  }
  for (const { name, verdict, safeAfterMs } of outcomes) context.diagnostic(`${name}: ${verdict} ${safeAfterMs ?? ''}`)
  assert.deepEqual([score, missed, skipped], [1, 0, 1])
  assert.equal(outcomes.find(({ verdict }) => verdict === 'skipped')?.name, 'dead-broker')
  assert.deepEqual(filesOf(state), before)
  const [report = ''] = readdirSync(join(state, 'reports')).filter(name => name.endsWith('.json'))
  assert.match(report, /^drill-/)
  const last = JSON.parse(readFileSync(join(state, 'state', 'drills.json'), 'utf8')) as Record<string, unknown>
  assert.deepEqual([last['score'], last['missed'], last['skipped']], [1, [], ['dead-broker']])
  const listed = await run('drill', 'list')
  assert.equal(listed.out.trimEnd().split('\n').length, outcomes.length)
})

test('a drill that is not there is named with those that are; without a release there is nothing to rehearse on', async context => {
  const { json } = await world(context)
  const unknown = await json('drill', 'run', 'earthquake')
  assert.deepEqual([unknown.code, (unknown.value['error'] as { code: string }).code], [4, 'DRILL_UNKNOWN'])
  const empty = await json('drill', 'run', 'bad-model')
  assert.deepEqual([empty.code, (empty.value['error'] as { code: string }).code], [4, 'DRILL_EMPTY'])
})

test('SRV-65: backups are listed, taken elsewhere, and restored when the store is lost', async context => {
  const { json, run, state, directory } = await installed(context)
  const { value } = await json('models', 'backup', 'list')
  const [backup] = value['backups'] as readonly { readonly name: string; readonly digest: string }[]
  assert.ok(backup !== undefined && backup.digest === first.manifestSha256)
  const copy = join(directory, 'copy')
  const exported = await run('models', 'backup', 'export', backup.name, copy)
  assert.equal(exported.code, 0, exported.err)
  assert.deepEqual(readFileSync(join(copy, 'manifest.json')), Buffer.from(first.manifestBytes))
  assert.equal((await run('models', 'backup', 'export', backup.name, copy)).code, 5)
  const gates = await run('models', 'backup', 'restore', backup.name, '--reason', 'the first was better')
  // The release knows the columns of its own bars alone: the gates say what they say, and in an emergency they are not asked.
  assert.match(gates.err + gates.out, /GATE_REFUSED|promoted/)
  rmSync(join(state, 'store'), { recursive: true })
  const restored = await run(
    'models',
    'backup',
    'restore',
    backup.name,
    '--emergency',
    '--reason',
    'the store was lost',
  )
  assert.equal(restored.code, 0, restored.err)
  const current = JSON.parse(readFileSync(join(state, 'state', 'CURRENT'), 'utf8')) as { readonly digest: string }
  assert.equal(current.digest, first.manifestSha256)
})

test('a damaged backup is told with its file, and is not restored', async context => {
  const { run, json, state } = await installed(context)
  const [name = ''] = readdirSync(join(state, 'models', 'backup'))
  const card = join(state, 'models', 'backup', name, 'release', 'card.md')
  chmodSync(card, 0o600)
  writeFileSync(card, 'something else')
  const listed = await json('models', 'backup', 'list')
  assert.equal(listed.code, 1)
  const { problem } = (listed.value['backups'] as readonly { readonly problem: { code: string; place: string } }[])[0]!
  assert.deepEqual([problem.code, problem.place], ['BACKUP_DAMAGED', card])
  const restored = await run('models', 'backup', 'restore', name, '--emergency', '--reason', 'try')
  assert.notEqual(restored.code, 0)
  assert.match(restored.err, /BACKUP_DAMAGED/)
})
