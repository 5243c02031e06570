// `ratchet sync --watch` as a person uses it: a line per pass, until a signal ends it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { filesSource } from '../../src/adapters/files/source.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { Fault } from '../../src/base/fault.ts'
import { speedClock } from '../../src/base/speed-clock.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import type { ReleaseSource } from '../../src/release/source.ts'
import { world } from './host.ts'

const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
const STOPPED = new Fault('INTERRUPTED', 'stopped by a signal')

/** A world in which a minute takes a tenth of a second, and that is stopped when it begins one pass too many. */
async function quickWorld(context: TestContext, passes: number) {
  const fast = speedClock({ clock: systemClock, timer: systemTimer, speed: 600, startMs: Date.UTC(2026, 0, 15) })
  const stop = new AbortController()
  let begun = 0
  const source = (place: string): ReleaseSource => ({
    ...filesSource(place),
    discover: (cursor, signal) => {
      if (++begun > passes) stop.abort(STOPPED)
      return filesSource(place).discover(cursor, signal)
    },
  })
  const settings = settingsSchema.parse({ cloudSync: { intervalMinutes: 2, minGapMinutes: 1 } })
  const it = await world(context, { clock: fast, signal: stop.signal, ports: { timer: fast, settings, source } })
  const tree = join(it.directory, 'tree')
  await mkdir(tree)
  return { ...it, watch: (...args: readonly string[]) => it.run('sync', '--source', tree, '--watch', ...args) }
}

test('each pass is one line of JSON with what came of it and when the next one is', async context => {
  const { watch } = await quickWorld(context, 3)
  const { code, out } = await watch('--json')
  assert.equal(code, 130)
  const lines = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  const passes = lines.slice(0, -1)
  assert.deepEqual(lines.at(-1), { error: { code: 'INTERRUPTED', sentence: 'stopped by a signal' } })
  assert.equal(passes.length, 3)
  for (const [index, pass] of passes.entries()) {
    assert.deepEqual(
      [pass['installed'], pass['inCharge'], pass['failures'], (pass['refused'] as { code: string }[])[0]?.code],
      [0, null, index + 1, 'SOURCE_EMPTY'],
    )
    assert.ok(Date.parse(pass['nextAt'] as string) > Date.parse(pass['at'] as string))
  }
})

test('for people a pass is one line too', async context => {
  const { watch } = await quickWorld(context, 1)
  const { code, out, err } = await watch()
  assert.equal(code, 130)
  assert.match(
    out,
    /^2026-01-15 00:\d\d:\d\dZ refused: SOURCE_EMPTY .*; in charge: the rule-based baseline; next at 2026-01-15 00:\d\d:\d\dZ\n$/,
  )
  assert.match(err, /INTERRUPTED/)
})

test('an interval that is too short, too long or without --watch is a usage error before anything is opened', async context => {
  const { run, directory } = await world(context)
  for (const args of [
    ['--watch', '--interval', '4m'],
    ['--watch', '--interval', '25h'],
    ['--interval', '15m'],
    ['--watch', '--interval', '15'],
  ]) {
    const { code, out, err } = await run('sync', '--source', directory, ...args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, /interval/)
  }
})

for (const [signal, exit] of [
  ['SIGTERM', 0],
  ['SIGINT', 130],
] as const) {
  test(`${signal} ends a watch with ${exit} within a second`, async context => {
    const cwd = await mkdtemp(join(tmpdir(), 'ratchet-watch-'))
    context.after(() => rm(cwd, { recursive: true, force: true }))
    const args = [APP, 'sync', '--source', cwd, '--watch', '--interval', '15m', '--json']
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const err = text(child.stderr)
    // The first pass has been made: it waits for the next one.
    await once(child.stdout, 'data')
    const told = Date.now()
    child.kill(signal)
    const [code] = (await once(child, 'close')) as [number | null]
    assert.ok(Date.now() - told < 1000, `${Date.now() - told} ms`)
    assert.equal(code, exit, await err)
    assert.doesNotMatch(await err, /^\s+at .*:\d+/m)
  })
}
