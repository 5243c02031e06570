// What is remembered of the last look at this page, and what changed since.

import type { Status } from '../../../src/api/schemas/status.ts'

export type Look = {
  /** Of this browser's clock, ms UTC. */
  readonly at: number
  readonly runId: string
  readonly seq: number
  readonly bars: number
  readonly equity: number | null
  readonly label: string | null
  readonly counts: Status['counts']
}

export type Change = {
  readonly at: number
  readonly bars: number
  readonly equity: number | null
  /** Null where the same model is in charge. */
  readonly handover: { readonly from: string | null; readonly to: string | null } | null
  readonly counts: Status['counts']
}

export function lookAt(status: Status, at: number): Look | null {
  if (status.run === null) return null
  return {
    at,
    runId: status.run.runId,
    seq: status.lastSeq,
    bars: status.run.barsDone,
    equity: status.account?.equity ?? null,
    label: status.slots[0]?.label ?? null,
    counts: status.counts,
  }
}

/** Null where nothing happened, or where the run is another one. */
export function changeSince(look: Look, status: Status): Change | null {
  const now = lookAt(status, look.at)
  if (now === null || now.runId !== look.runId || now.bars <= look.bars) return null
  const counts = { ...now.counts }
  for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] -= look.counts[key]
  return {
    at: look.at,
    bars: now.bars - look.bars,
    equity: now.equity === null || look.equity === null ? null : now.equity - look.equity,
    handover: now.label === look.label ? null : { from: look.label, to: now.label },
    counts,
  }
}

/** Text that this page wrote before; anything else is as if there had been no look. */
export function parseLook(saved: string | undefined): Look | null {
  if (saved === undefined) return null
  try {
    const look = JSON.parse(saved) as Partial<Look> | null
    const complete =
      typeof look?.at === 'number' &&
      typeof look.runId === 'string' &&
      typeof look.bars === 'number' &&
      typeof look.counts === 'object'
    return complete ? (look as Look) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
