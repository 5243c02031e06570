import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../test/memory-disk.ts'
import { type Cause, SCHEDULED } from '../feedback/worth.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { ClockEvent } from './clock-event.ts'
import { retrainingBook } from './retraining-book.ts'
import { settingsSchema } from './settings.ts'
import { counted, entered, overBudget, watchAge } from './slot-budget.ts'
import type { SlotWork } from './slot-work.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const NOON = Date.UTC(2026, 0, 15, 12)

/** A pipeline on a disk in memory, with a clock and a processor that tests wind on. */
function world(cpuMinutesPerDay = 240) {
  const disk = memoryDisk()
  const hands = { now: NOON, cpuMs: 0 }
  const events: ClockEvent[] = []
  const said: string[] = []
  const ports = {
    clock: { now: () => hands.now },
    disk,
    settings: settingsSchema.parse({ training: { budget: { cpuMinutesPerDay } } }),
    machine: async () => ({ cpuMs: hands.cpuMs }),
    log: { write: (level: string, _: string, sentence: string) => said.push(`${level}: ${sentence}`) },
  }
  const onEvent = (event: ClockEvent) => void events.push(event)
  const work = { pipeline: 'stable/SPX', state: { directory: '/state' }, ports, onEvent } as unknown as SlotWork
  const train = (cpuMs: number) =>
    counted(work, async () => {
      hands.cpuMs += cpuMs
      return 'trained'
    })
  return { work, disk, hands, events, said, train, book: retrainingBook(disk, '/state') }
}

const row = (status: TrainingRow['status']): TrainingRow =>
  ({ trainingId: 'slot', status, report: '{"schema":"ratchet.evaluation/1"}' }) as TrainingRow

const DRIFT: Cause = { kind: 'drift', model: 'meta', detector: 'psi', severity: 'critical', sentence: 'PSI' }

test('trainings run until the minutes of the day are spent, and again the next day', async () => {
  const { work, train, hands } = world(10)
  assert.equal(await overBudget(SCHEDULED, work), undefined)
  assert.equal(await train(6 * MINUTE), 'trained')
  assert.equal(
    await overBudget(DRIFT, work),
    'skipped: over training.budget.cpuMinutesPerDay: 6.0 CPU minutes are needed, 4.0 of 10 are left today',
  )
  hands.now += 13 * HOUR
  assert.equal(await overBudget(SCHEDULED, work), undefined)
})

test('a training that fails or is called off is counted too', async () => {
  const { work, hands, book } = world()
  const failing = counted(work, async () => {
    hands.cpuMs += 3 * MINUTE
    throw new Error('no')
  })
  await assert.rejects(failing, /no/)
  assert.equal((await book.budget()).spentMs, 3 * MINUTE)
})

test('the row says why it ran and what it was worth, and the running shares of those that helped', async () => {
  const { work } = world()
  const worth = { n: 40, lossGain: 0.1, rGain: 0, helped: true }
  await entered(row('released'), { cause: SCHEDULED, worth: null }, work)
  await entered(row('failed'), { cause: DRIFT, worth: { ...worth, helped: false } }, work)
  const { report } = await entered(row('released'), { cause: DRIFT, worth }, work)
  assert.deepEqual(JSON.parse(report), {
    schema: 'ratchet.evaluation/1',
    retraining: {
      cause: DRIFT,
      worth,
      shares: [
        { model: 'meta', trigger: 'psi', trainings: 2, compared: 2, helped: 1, share: 0.5 },
        { model: 'set', trigger: 'schedule', trainings: 1, compared: 0, helped: 0, share: null },
      ],
    },
  })
})

test('a release that has become older than a day is told of once, and a new one begins anew', async () => {
  const { work, hands, events, said } = world()
  await watchAge(work)
  await entered(row('released'), { cause: SCHEDULED, worth: null }, work)
  hands.now += 24 * HOUR
  await watchAge(work)
  assert.deepEqual(events, [])
  hands.now += 1
  await watchAge(work)
  await watchAge(work)
  assert.deepEqual(events, [{ type: 'modelAged', at: hands.now, releasedAt: NOON, maxHours: 24 }])
  assert.deepEqual(said, ['warn: no release of stable/SPX for more than 24 hours'])
  await entered(row('released'), { cause: SCHEDULED, worth: null }, work)
  hands.now += 25 * HOUR
  await watchAge(work)
  assert.equal(events.length, 2)
})

test('a file that is damaged is begun again', async () => {
  const { work, train, disk, book } = world()
  await train(MINUTE)
  const file = await disk.create('/state/state/damaged')
  await file.write(new TextEncoder().encode('{"budget":'))
  await file.close()
  await disk.rename('/state/state/damaged', '/state/state/retraining.json')
  assert.deepEqual(await book.budget(), { day: 0, spentMs: 0, last: {} })
  assert.equal(await overBudget(SCHEDULED, work), undefined)
})
