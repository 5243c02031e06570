// What came of a pass over a release source, as JSON and as lines for people.

import type { SyncPass } from '../loop/clock-event.ts'
import type { DryRun } from '../loop/sync-dry.ts'
import { utcText } from '../release/utc.ts'
import type { SyncResult } from '../serving/updater.ts'
import { utcMoment } from './lines.ts'

export function syncFacts({ installed, releaseId, previous, refused, inCharge, upToDate, held }: SyncResult) {
  const refusals = refused.map(({ code, file, detail }) => ({ code, file, detail }))
  return { installed, releaseId, previous, refused: refusals, inCharge, upToDate, ...(held && { held }) }
}

/** Why nothing was installed although nothing was refused. */
const HELD = {
  pinned: () => 'the slot is pinned: new releases are ignored until ratchet models unpin',
  paused: () =>
    'a release was taken back: for an hour, after two in a day until ratchet models resume-promotion, none takes charge by itself',
  waiting: (releaseId: string | null) => `${releaseId} passed its gates and waits: ratchet models promote ${releaseId}`,
} as const

export function syncLines({ installed, releaseId, previous, refused, inCharge, upToDate, held }: SyncResult): string[] {
  return [
    ...refused.map(({ code, file, detail }) => `refused: ${code} ${file ?? ''} ${detail}`),
    ...(installed === 1 ? [`installed ${releaseId}, before it ${previous ?? 'the baseline'}`] : []),
    ...(held === undefined ? [] : [HELD[held](releaseId)]),
    ...(upToDate ? ['up to date'] : []),
    `in charge: ${inCharge ?? 'the rule-based baseline'}`,
  ]
}

const WOULD = {
  install: 'would be installed',
  wait: 'would pass and wait',
  skip: 'would be left out',
  refuse: 'would be refused',
} as const

export function dryLines({ candidates, inCharge }: DryRun): string[] {
  return [
    ...candidates.flatMap(({ releaseId, would, code, file, detail, gates }) => [
      `${releaseId ?? 'a release'} ${WOULD[would]}${code === null ? '' : `: ${code} ${file ?? ''}`}${detail === '' ? '' : ` (${detail})`}`,
      ...(gates?.results ?? []).map(({ gate, result, reason }) =>
        `  ${gate.padEnd(4)} ${result} ${reason ?? ''}`.trimEnd(),
      ),
    ]),
    ...(candidates.length === 0 ? ['nothing is offered'] : []),
    `in charge: ${inCharge ?? 'the rule-based baseline'}; nothing was written`,
  ]
}

export function passFacts(at: number, { outcome, failures, nextAt }: SyncPass) {
  const facts = { at: utcText(at), nextAt: utcText(nextAt), failures }
  return { ...facts, ...(outcome.ok ? syncFacts(outcome.value) : { error: outcome.fault.toJSON() }) }
}

/** One line. */
export function passLine(at: number, { outcome, nextAt }: SyncPass): string {
  const said = outcome.ok
    ? syncLines(outcome.value).join('; ')
    : `failed: ${outcome.fault.code} ${outcome.fault.message}`
  return `${utcMoment(at)} ${said}; next at ${utcMoment(nextAt)}`
}
