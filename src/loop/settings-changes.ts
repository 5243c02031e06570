// A run begins with other parameters than the one before it: what was changed is kept, so that a change of results can be owed to it (SRV-77).

import { canonicalJson } from '../base/canonical-json.ts'
import type { Clock } from '../base/clock.ts'
import { type ParameterValue, parameterDiff } from '../serving/parameter-changes.ts'
import type { State } from './ports.ts'
import type { Settings } from './settings.ts'

/** The rooms of the configuration that decide what is traded and how large. */
const ROOMS = ['brain', 'labels', 'tradingBot'] as const

type Rooms = Readonly<Record<string, Readonly<Record<string, ParameterValue>>>>

/** Lists and objects are compared by their text. */
const plain = (value: unknown): ParameterValue =>
  value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
    ? value
    : canonicalJson(value)

function roomsOf(settings: Partial<Settings>, known: Partial<Settings>): Rooms {
  return Object.fromEntries(
    ROOMS.map(room => {
      const own = Object.entries(settings[room] ?? {})
      // A key that the other side does not know is one of another version, and nobody's change.
      return [
        room,
        Object.fromEntries(own.filter(([key]) => key in (known[room] ?? {})).map(([k, v]) => [k, plain(v)])),
      ]
    }),
  )
}

/** To be called before the run is recorded as the newest one. */
export async function recordSettingsChanges(
  { settings, runId, clock }: { readonly settings: Settings; readonly runId: string; readonly clock: Clock },
  { runLog, records, parameterChanges }: Pick<State, 'runLog' | 'records' | 'parameterChanges'>,
): Promise<void> {
  const past = await runLog.latest()
  const body = past && (await records.configuration(past.configSnapshot))
  if (past === undefined || body === undefined) return
  const before = JSON.parse(body) as Partial<Settings>
  const facts = { at: clock.now(), reason: `configuration of ${runId}, after ${past.runId}` }
  const changes = parameterDiff(roomsOf(before, settings), roomsOf(settings, before), facts)
  if (changes.length > 0) await parameterChanges.add(changes)
}
