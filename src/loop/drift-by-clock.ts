// Drift by the clock: every five minutes the models in charge are held against what has come since, and may ask for a slot of their own (SCHED-03).

import { sleepUntil, type Time } from '../base/sleep-until.ts'
import { causeOf, type RetrainingRequest, requestOf } from '../feedback/request.ts'
import type { Cause } from '../feedback/worth.ts'
import { checkDrift } from './check-drift.ts'
import { driftLimits } from './limits-of.ts'
import { withNews } from './read-news.ts'
import { retrainingBook } from './retraining-book.ts'
import { nextSlotAt, slotAt } from './schedule.ts'
import { rowsOf } from './series-rows.ts'
import type { SlotWork } from './slot-work.ts'
import { marketInUse } from './stored-market.ts'
import { runKeyOf } from './trained-mark.ts'

/** FBK-02. */
const EVERY_MINUTES = 5

export type DriftByClock = {
  readonly time: Time
  readonly work: SlotWork
  /** Runs a slot that drift has asked for; rejects only when it is aborted. */
  readonly run: (slotMs: number, cause: Cause) => Promise<void>
}

/** The gravest request of all roles that may ask now; undefined where nothing drifted, nothing is in charge, or nothing new came. */
async function requestNow(work: SlotWork, seen: { key: string }): Promise<RetrainingRequest | undefined> {
  const { symbol, pipeline, seed, state, ports } = work
  const set = work.champion()
  if (set === undefined) return undefined
  const stored = await marketInUse(state, symbol, ports)
  if (stored === undefined) return undefined
  const { market } = await withNews(stored, state.directory, ports)
  const { snapshotId } = runKeyOf(market, seed, ports)
  const key = `${set.digest} ${snapshotId}`
  if (seen.key === key) return undefined
  const now = ports.clock.now()
  const limits = driftLimits(ports.settings)
  const { asked } = await retrainingBook(ports.disk, state.directory).of(pipeline)
  const { table } = rowsOf(market, ports)
  const drift = checkDrift(
    set,
    { table, asOf: now, minExpectedR: ports.settings.brain.minExpectedR, step: market.instrument.step },
    new Map(Object.entries(asked)),
    limits,
  )
  seen.key = key
  for (const { role, signals } of drift) {
    for (const { level, sentence } of signals) ports.log.write('info', 'drift', `${level}: ${role}: ${sentence}`)
  }
  const { cooldownMs } = limits
  const requests = drift.flatMap(
    ({ role, signals }) => requestOf({ model: role, signals, now, lastAt: asked[role], cooldownMs }) ?? [],
  )
  return requests.toSorted((a, b) => Math.abs(b.signal.value) - Math.abs(a.signal.value))[0]
}

/** Looks once. A slot of the schedule that begins now trains anyway. */
export async function driftSlot(
  slotMs: number,
  { work, run }: Omit<DriftByClock, 'time'>,
  seen: { key: string },
): Promise<void> {
  const { pipeline, state, ports, onEvent } = work
  if (slotAt(slotMs, ports.settings.training.intervalMinutes) === slotMs) return
  const request = await requestNow(work, seen)
  if (request === undefined) return
  const { model, signal, severity } = request
  const { detector, sentence } = signal
  const at = ports.clock.now()
  await retrainingBook(ports.disk, state.directory).write(pipeline, (own, budget) => [
    { ...own, asked: { ...own.asked, [model]: at } },
    budget,
  ])
  onEvent({ type: 'driftFound', at, model, severity, detector, sentence })
  await run(slotMs, causeOf(request))
}

/**
 * What a look cannot do is told to the log; the next one is five minutes later.
 *
 * @returns never; rejects with the signal's reason
 */
export async function driftByClock({ time, work, run }: DriftByClock): Promise<never> {
  const { signal, ports } = work
  const seen = { key: '' }
  for (;;) {
    const next = nextSlotAt(time.clock.now(), EVERY_MINUTES)
    await sleepUntil(next, time, signal)
    try {
      await driftSlot(slotAt(time.clock.now(), EVERY_MINUTES), { work, run }, seen)
    } catch (cause) {
      signal.throwIfAborted()
      ports.log.write('warn', 'drift.check', String(cause))
    }
  }
}
