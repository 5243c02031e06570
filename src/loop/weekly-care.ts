// What a loop that stays does beside its work: each day a backup, and once a week (REL-49, SRV-80) everything that is kept is read and
// hashed again, and all faults are rehearsed on copies.

import { sleepUntil, type Time } from '../base/sleep-until.ts'
import { faultOf, type Installation } from '../serving/installation.ts'
import { isScrubDue, scrub } from '../serving/scrub.ts'
import type { DrillRun } from './drills/drill.ts'
import { lastDrillsFile } from './drills/last-drills.ts'
import { runDrills } from './drills/run-drills.ts'
import { backUpWhenDue, forgetOldEvents, type RecordsToKeep } from './keep-records.ts'
import { drillReport } from './reports/drill.ts'
import { saveReport } from './reports/save.ts'

const HOUR_MS = 60 * 60_000
const WEEK_MS = 7 * 24 * HOUR_MS

export type WeeklyCare = RecordsToKeep & {
  readonly time: Time
  readonly installation: Installation
  readonly signal: AbortSignal
  /** Something that was due could not be done. */
  readonly onTrouble?: ((sentence: string) => void) | undefined
}

/** Whether a week is over since the last rehearsal of all, or none is known. */
async function areDrillsDue({ state, ports, time }: WeeklyCare): Promise<boolean> {
  if (!ports.settings.drills.weekly) return false
  const last = await lastDrillsFile(state.directory, ports.disk).read()
  return !last.ok || last.value === undefined || time.clock.now() - last.value.at >= WEEK_MS
}

/** Rehearses all and writes the report. What was missed is an error in the log. */
async function rehearse({ state, ports, signal }: WeeklyCare): Promise<DrillRun> {
  const run = await runDrills({ name: 'all', signal }, state, ports)
  const { facts, settings, log } = ports
  const report = drillReport(run, { facts, settings, command: 'ratchet drill run all' })
  const { html } = await saveReport({ report, stateDirectory: state.directory }, ports)
  for (const { name, verdict, ...rest } of run.outcomes) {
    if (verdict === 'miss') log.write('error', 'drill.failed', `Drill failed - ${name}`, { ...rest, report: html })
  }
  log.write('info', 'drill.ran', `Drills: ${report.verdict.text}`, { report: html })
  return run
}

/** Looks once what is due and does it. A failure is told and ends nothing: the next look is an hour later. */
export async function careOnce(care: WeeklyCare): Promise<void> {
  const { installation, ports, signal } = care
  const told = (what: string) => (cause: unknown) => {
    signal.throwIfAborted()
    const fault = faultOf(cause)
    // Nothing in charge is nothing to rehearse on.
    const level = fault.code === 'DRILL_EMPTY' ? 'info' : 'warn'
    const sentence = `${what}: ${fault.message}`
    ports.log.write(level, 'care', sentence, { fault: fault.toJSON() })
    if (level === 'warn') care.onTrouble?.(sentence)
  }
  const steps: readonly (readonly [what: string, step: () => Promise<unknown>])[] = [
    ['the backup failed', () => backUpWhenDue(care)],
    ['old events could not be forgotten', () => forgetOldEvents(care)],
    ['the weekly scrub failed', async () => ((await isScrubDue(installation)) ? scrub(installation) : undefined)],
    ['the weekly drills failed', async () => ((await areDrillsDue(care)) ? rehearse(care) : undefined)],
  ]
  for (const [what, step] of steps) await step().catch(told(what))
}

/**
 * Looks every hour what is due, the first time an hour after the start.
 *
 * @returns never; rejects with the signal's reason
 */
export async function weeklyCare(care: WeeklyCare): Promise<never> {
  for (;;) {
    await sleepUntil(care.time.clock.now() + HOUR_MS, care.time, care.signal)
    await careOnce(care)
  }
}
