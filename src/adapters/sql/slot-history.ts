// Who was in charge at a time, on SQL: the history is searched as the ordered list that it is, never read as a whole (SRV-75).

import { HANDOVERS, type SlotEvent, type SlotEventKind } from '../../serving/history.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'

export const toEvent = (row: Tables['slot_events']): SlotEvent => ({
  seq: row.seq,
  at: row.at,
  slot: row.slot,
  event: row.event as SlotEventKind,
  from: row.from_release,
  to: row.to_release,
  actor: row.actor,
  cause: row.cause,
  gateReportSha256: row.gate_report_sha256,
  configSha256: row.config_sha256,
  codeVersion: row.code_version,
  prevHash: row.prev_hash,
  hash: row.hash,
})

/** The newest event of one kind in a stretch of the history. */
async function newest(db: Database, slot: string, kind: SlotEventKind, from: number, to: number) {
  return db
    .selectFrom('slot_events')
    .selectAll()
    .where('slot', '=', slot)
    .where('event', '=', kind)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The newest handover in a stretch: each kind is asked for by the index, where all at once would be sorted. */
async function newestHandover(db: Database, slot: string, from: number, to: number): Promise<SlotEvent | undefined> {
  let found: Tables['slot_events'] | undefined
  for (const kind of HANDOVERS) {
    const row = await newest(db, slot, kind, Math.max(from, found?.seq ?? from), to)
    found = row ?? found
  }
  return found === undefined ? undefined : toEvent(found)
}

/** In order of their names, each found behind the one before. */
export async function slotsOf(db: Database): Promise<string[]> {
  const slots: string[] = []
  for (;;) {
    const next = db
      .selectFrom('slot_events')
      .select('slot')
      .where('slot', '>', slots.at(-1) ?? '')
    const row = await next.orderBy('slot').limit(1).executeTakeFirst()
    if (row === undefined) return slots
    slots.push(row.slot)
  }
}

async function lastSeq(db: Database): Promise<number> {
  const row = await db.selectFrom('slot_events').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.seq ?? 0
}

async function timeOf(db: Database, seq: number): Promise<number> {
  const { at } = await db.selectFrom('slot_events').select('at').where('seq', '=', seq).executeTakeFirstOrThrow()
  return at
}

/** Sequence numbers have no gaps and times never fall but at a restart, so some twenty rows of a million are read. */
export async function handoverAt(db: Database, slot: string, timeMs: number): Promise<SlotEvent | undefined> {
  const last = await lastSeq(db)
  const start = (await newest(db, slot, 'restarted', 1, last))?.seq ?? 1
  // Another slot that began again since then made times fall: what lies before and after is searched by itself, the newer first.
  const falls: number[] = []
  for (const other of (await slotsOf(db)).filter(name => name !== slot)) {
    let restart = await newest(db, other, 'restarted', start + 1, last)
    while (restart !== undefined) {
      falls.push(restart.seq)
      restart = await newest(db, other, 'restarted', start + 1, restart.seq - 1)
    }
  }
  const bounds = [start, ...falls.sort((a, b) => a - b), last + 1]
  for (let i = bounds.length - 2; i >= 0; i--) {
    const from = bounds[i]!
    let [low, high] = [from, bounds[i + 1]!]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((await timeOf(db, middle)) <= timeMs) low = middle + 1
      else high = middle
    }
    const found = low > from ? await newestHandover(db, slot, from, low - 1) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
