// Whole days by the clock in milliseconds: nothing is trained here, so that what is asked is only when what happens, and how often.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { filesPublisher } from '../adapters/files/publisher.ts'
import { sqlDataSets } from '../adapters/sql/data-sets.ts'
import { sqlJournal } from '../adapters/sql/journal.ts'
import { openDatabase } from '../adapters/sql/open.ts'
import { Fault } from '../base/fault.ts'
import { virtualTime } from '../base/fixtures/virtual-time.ts'
import type { Log } from '../base/log.ts'
import { seededRng } from '../base/rng.ts'
import type { SyncResult } from '../serving/updater.ts'
import { type ByClockHooks, runByClock } from './by-clock.ts'
import type { ClockEvent } from './clock-event.ts'
import type { Ports, State } from './ports.ts'
import { settingsSchema } from './settings.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NEW_YEAR = Date.UTC(2026, 0, 1)
const STOPPED = new Fault('INTERRUPTED', 'stopped')

const UP_TO_DATE: SyncResult = {
  installed: 0,
  releaseId: null,
  previous: null,
  refused: [],
  inCharge: null,
  upToDate: true,
}
const UNREACHABLE: SyncResult = {
  ...UP_TO_DATE,
  upToDate: false,
  refused: [{ code: 'SOURCE_UNREACHABLE', file: null, detail: 'does not answer', digest: null }],
}

/** A state directory in memory, a clock that stands until it is moved, and the loops that a test starts on them. */
async function world(context: TestContext, startMs: number, settings: object = {}) {
  const time = virtualTime(startMs)
  const disk = memoryDisk()
  const database = await openDatabase(':memory:')
  context.after(() => database.destroy())
  const state = {
    directory: '/state',
    journal: sqlJournal(database),
    dataSets: sqlDataSets(database),
    bars: { list: async () => [], save: assert.fail, load: assert.fail },
  } as unknown as State
  const held = new Set<string>()
  const withLock: Ports['withLock'] = async (path, work) => {
    if (held.has(path)) throw new Fault('LOCK_BUSY', 'held', { place: path })
    held.add(path)
    try {
      return await work()
    } finally {
      held.delete(path)
    }
  }
  const files = new Set<string>()
  const log: string[] = []
  const ports = {
    ...time,
    disk,
    log: { write: (_level, _event, text) => log.push(text) } satisfies Log,
    facts: { codeVersion: '0.1.0', lockfileSha256: '0'.repeat(64), platform: 'test' },
    settings: settingsSchema.parse(settings),
    environment: { MANIFEST_HMAC_KEY: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611185' },
    workingDirectory: '/work',
    publisher: (root: string) => filesPublisher({ disk, root, lock: withLock }),
    host: { self: { pid: 1, bootId: 'boot', startedAt: '0' }, isRunning: () => false },
    withLock,
    present: (path: string) => files.has(path),
  } as unknown as Ports
  const events: ClockEvent[] = []
  const stop = new AbortController()
  const passes: { readonly source: string; readonly from: number; readonly to: number }[] = []
  /** @param result of each pass, and how long it takes */
  const start = (
    result: (pass: number) => SyncResult = () => UP_TO_DATE,
    tookMs = 0,
    hooks: Partial<ByClockHooks> = {},
  ) => {
    const loop = runByClock(
      { symbol: 'SPX', rng: seededRng(7), sources: hooks.sync ? ['a', 'b'] : ['a'] },
      state,
      ports,
      {
        signal: stop.signal,
        onEvent: event => events.push(event),
        sync: async source => {
          const from = time.clock.now()
          if (tookMs > 0) await time.timer.sleep(tookMs)
          passes.push({ source, from, to: time.clock.now() })
          return result(passes.length)
        },
        ...hooks,
      },
    )
    // Its end is looked at by `stopped`.
    loop.catch(() => undefined)
    return loop
  }
  const of = <T extends ClockEvent['type']>(type: T) =>
    events.filter((event): event is Extract<ClockEvent, { type: T }> => event.type === type)
  return { time, ports, state, files, log, events, of, passes, start, stop }
}

type World = Awaited<ReturnType<typeof world>>

async function stopped({ stop, time }: World, ...loops: readonly Promise<never>[]): Promise<void> {
  stop.abort(STOPPED)
  await time.advance(0)
  for (const loop of loops) await assert.rejects(loop, STOPPED)
  assert.equal(time.sleepers(), 0, 'no wait stays open')
}

const gaps = ({ passes }: World): number[] => passes.slice(1).map(({ from }, index) => from - passes[index]!.to)
const slotsOf = async ({ state }: World): Promise<string[]> =>
  (await state.journal.trainings()).map(({ trainingId }) => trainingId)

const DAYS: readonly (readonly [zone: string, day: string, why: string])[] = [
  ['UTC', '2026-01-15', 'any day'],
  ['Europe/Berlin', '2026-03-29', 'a day of 23 hours in Berlin'],
  ['Europe/Berlin', '2026-10-25', 'a day of 25 hours in Berlin'],
  ['America/New_York', '2026-03-08', 'a day of 23 hours in New York'],
  ['America/New_York', '2026-11-01', 'a day of 25 hours in New York'],
  ['Pacific/Auckland', '2028-02-29', '29 February'],
]

for (const [zone, day, why] of DAYS) {
  test(`${why} has 48 training slots, each recorded once, and a pass each 15 minutes`, async context => {
    const before = process.env['TZ']
    process.env['TZ'] = zone
    context.after(() => {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    })
    const it = await world(context, Date.parse(day))
    const loop = it.start()
    await it.time.advance(DAY - 1)
    await stopped(it, loop)
    const expected = Array.from(
      { length: 48 },
      (_, slot) => `stable/SPX@${new Date(Date.parse(day) + slot * 30 * MINUTE).toISOString().slice(0, 16)}Z`,
    )
    assert.deepEqual((await slotsOf(it)).sort(), expected)
    assert.ok(
      it.passes.length >= (24 * 60) / 16.5 && it.passes.length <= (24 * 60) / 13.5 + 1,
      `${it.passes.length} passes`,
    )
    assert.ok(Math.abs(it.passes.length - 96) <= 3, `${it.passes.length} passes`)
    assert.equal(it.passes[0]!.from, Date.parse(day))
    assert.ok(Math.min(...gaps(it)) >= 13.5 * MINUTE)
  })
}

test('with SKIP_TRAINING in the middle of the day those slots are recorded as skipped, and the others go on', async context => {
  for (const place of ['/state/SKIP_TRAINING', '/state/data/SKIP_TRAINING', '/work/SKIP_TRAINING']) {
    const it = await world(context, NEW_YEAR)
    const loop = it.start()
    await it.time.advance(6 * HOUR - 1)
    it.files.add(place)
    await it.time.advance(6 * HOUR)
    it.files.clear()
    await it.time.advance(12 * HOUR)
    await stopped(it, loop)
    const rows = await it.state.journal.trainings()
    assert.equal(rows.length, 48)
    // Nothing is stored, so a slot that is not skipped fails for that.
    const skipped = rows.filter(({ status }) => status === 'skipped')
    assert.deepEqual([skipped.length, rows.filter(({ fault }) => fault === 'DATA_NONE_STORED').length], [12, 36])
    assert.deepEqual(skipped[0], {
      ...skipped[0],
      trainingId: 'stable/SPX@2026-01-01T06:00Z',
      asOf: NEW_YEAR + 6 * HOUR,
      symbol: 'SPX',
      report: JSON.stringify({ reason: `skipped: ${place} exists` }),
    })
    assert.equal(it.of('trainingStarted').length, 0)
    assert.equal(it.of('trainingEnded').length, 48)
  }
})

test('training.enabled=false and SKIP_TRAINING=1 skip every slot', async context => {
  const off = await world(context, NEW_YEAR, { training: { enabled: false } })
  const set = await world(context, NEW_YEAR)
  Object.assign(set.ports.environment, { SKIP_TRAINING: '1' })
  for (const it of [off, set]) {
    const loop = it.start()
    await it.time.advance(2 * HOUR - 1)
    await stopped(it, loop)
    assert.deepEqual(
      (await it.state.journal.trainings()).map(({ status }) => status),
      Array(4).fill('skipped'),
    )
  }
})

test('failed passes are tried again sooner at first and then later, never closer than the gap, and one that goes well ends that', async context => {
  const it = await world(context, NEW_YEAR)
  const loop = it.start(pass => (pass <= 6 ? UNREACHABLE : UP_TO_DATE))
  await it.time.advance(6 * HOUR)
  await stopped(it, loop)
  assert.deepEqual(
    it
      .of('synced')
      .slice(0, 8)
      .map(({ pass }) => pass.failures),
    [1, 2, 3, 4, 5, 6, 0, 0],
  )
  const waits = gaps(it).map(ms => ms / MINUTE)
  assert.equal(waits[0], 5)
  for (const [n, most] of [
    [1, 10],
    [2, 20],
    [3, 30],
    [4, 30],
    [5, 30],
  ] as const) {
    assert.ok(waits[n]! >= Math.max(5, most / 2) && waits[n]! <= most, `wait ${n}: ${waits[n]}`)
  }
  assert.ok(waits[6]! >= 13.5 && waits[6]! <= 16.5)
  assert.ok(it.log.includes('Rate limiting - skipping sync'))
  assert.ok(it.of('syncLimited').length > 0)
})

test('passes that throw, and a hook that is slow, stop nothing', async context => {
  const it = await world(context, NEW_YEAR, { cloudSync: { passMinutes: 30 } })
  const loop = it.start(pass => {
    if (pass === 1) throw new TypeError('a bug')
    if (pass === 2) throw new Fault('INSTALL_BUSY', 'another process writes')
    return UP_TO_DATE
  }, 20 * MINUTE)
  await it.time.advance(5 * HOUR)
  await stopped(it, loop)
  const outcomes = it.of('synced').map(({ pass }) => (pass.outcome.ok ? 'ok' : pass.outcome.fault.code))
  assert.deepEqual(outcomes.slice(0, 4), ['SYNC_FAILED', 'INSTALL_BUSY', 'ok', 'ok'])
  // A pass longer than the interval: the next one keeps the gap from its end.
  assert.ok(Math.min(...gaps(it)) >= 5 * MINUTE)
  assert.equal((await slotsOf(it)).length, 11)
})

test('a bad source does not stop another one, and two sources are never asked at the same moment', async context => {
  const it = await world(context, NEW_YEAR)
  let running = 0
  const good: number[] = []
  const loop = it.start(undefined, 0, {
    sync: async source => {
      assert.equal(running++, 0)
      await it.time.timer.sleep(MINUTE)
      running--
      if (source === 'a') throw new Fault('SOURCE_UNREACHABLE', 'does not answer')
      good.push(it.time.clock.now())
      return UP_TO_DATE
    },
  })
  await it.time.advance(DAY)
  await stopped(it, loop)
  assert.ok(good.length > 85, `${good.length} passes`)
})

test('a source that hangs is given up at the deadline of a pass, and the others have their turn', async context => {
  const it = await world(context, NEW_YEAR)
  const good: number[] = []
  const loop = it.start(undefined, 0, {
    sync: async (source, signal) => {
      if (source === 'a') await it.time.timer.sleep(DAY, signal)
      good.push(it.time.clock.now())
      return UP_TO_DATE
    },
  })
  await it.time.advance(6 * HOUR)
  await stopped(it, loop)
  const late = it.of('synced').filter(({ source }) => source === 'a')
  assert.deepEqual(
    new Set(late.map(({ pass }) => (pass.outcome.ok ? 'ok' : pass.outcome.fault.code))),
    new Set(['SYNC_DEADLINE']),
  )
  assert.ok(good.length >= 8, `${good.length} passes`)
})

test('cloudSync.enabled=false leaves the training alone', async context => {
  const it = await world(context, NEW_YEAR, { cloudSync: { enabled: false } })
  const loop = it.start()
  await it.time.advance(2 * HOUR - 1)
  await stopped(it, loop)
  assert.equal(it.passes.length, 0)
  assert.equal((await slotsOf(it)).length, 4)
})

test('eight schedulers on one state directory run each slot once', async context => {
  const it = await world(context, NEW_YEAR, { cloudSync: { enabled: false } })
  const loops = Array.from({ length: 8 }, () => it.start())
  await it.time.advance(DAY - 1)
  await stopped(it, ...loops)
  assert.equal((await slotsOf(it)).length, 48)
  const ended = it.of('trainingEnded').map(({ slot }) => slot)
  assert.deepEqual([ended.length, new Set(ended).size], [48, 48])
})

test('a slot that another process recorded between the first look and the lock is not run again', async context => {
  const it = await world(context, NEW_YEAR, { cloudSync: { enabled: false }, training: { enabled: false } })
  const other = { ...it.ports }
  const withLateLock: Ports['withLock'] = async (path, work) => {
    if (path.endsWith('training.lock')) {
      const signal = it.stop.signal
      const theirs = runByClock({ symbol: 'SPX' }, it.state, other, { signal, onEvent: event => it.events.push(event) })
      theirs.catch(() => undefined)
      while (it.of('trainingEnded').length === 0) await it.time.timer.sleep(0)
    }
    return other.withLock(path, work)
  }
  Object.assign(it.ports, { withLock: withLateLock })
  const loop = it.start()
  await it.time.advance(MINUTE)
  await stopped(it, loop)
  assert.equal(it.of('trainingEnded').length, 1)
})

test('a loop that is started again leaves the slot alone that was run, and makes up for missed ones once', async context => {
  const it = await world(context, NEW_YEAR)
  const first = it.start()
  await it.time.advance(65 * MINUTE)
  await stopped(it, first)
  it.stop = new AbortController()
  const again = it.start(undefined, 0, { signal: it.stop.signal })
  await it.time.advance(0)
  assert.equal((await slotsOf(it)).length, 3)
  await stopped(it, again)

  // Three hours nobody is there.
  await it.time.advance(3 * HOUR)
  it.stop = new AbortController()
  const later = it.start(undefined, 0, { signal: it.stop.signal })
  await it.time.advance(30 * MINUTE)
  await stopped(it, later)
  const slots = (await slotsOf(it)).sort().map(slot => slot.slice(-6))
  assert.deepEqual(slots, ['00:00Z', '00:30Z', '01:00Z', '04:00Z', '04:30Z'])
})

test('a slot that cannot be recorded is told, and the next one is run', async context => {
  const it = await world(context, NEW_YEAR)
  const { journal } = it.state
  const record = journal.recordTraining.bind(journal)
  let broken = true
  journal.recordTraining = async row => {
    if (broken) throw new Fault('DISK_FULL', 'no space')
    return record(row)
  }
  const loop = it.start()
  await it.time.advance(HOUR - 1)
  broken = false
  await it.time.advance(HOUR)
  await stopped(it, loop)
  assert.deepEqual(
    it.of('slotFailed').map(({ fault }) => fault.code),
    ['DISK_FULL', 'DISK_FULL'],
  )
  assert.deepEqual(
    (await slotsOf(it)).map(slot => slot.slice(-6)),
    ['01:00Z', '01:30Z'],
  )
})

test('the loop ends at the latest 10 seconds after it was told to, though a pass hangs', async context => {
  const it = await world(context, NEW_YEAR)
  const loop = it.start(undefined, 0, { sync: () => new Promise<never>(() => {}) })
  await it.time.advance(MINUTE)
  it.stop.abort(STOPPED)
  let ended = false
  const end = assert.rejects(loop, STOPPED).then(() => (ended = true))
  await it.time.advance(9999)
  assert.equal(ended, false)
  await it.time.advance(1)
  await end
})

test('a thousand starts and stops leave no wait open', async context => {
  const it = await world(context, NEW_YEAR)
  for (let n = 0; n < 1000; n++) {
    it.stop = new AbortController()
    const loop = it.start(undefined, 0, { signal: it.stop.signal })
    if (n % 2 === 0) await it.time.advance(0)
    it.stop.abort(STOPPED)
    await assert.rejects(loop, STOPPED)
  }
  assert.equal(it.time.sleepers(), 0)
})
