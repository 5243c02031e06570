// The registry on SQL: releases, their members and gate reports, blocked digests, and the chained history of each slot.

import { sql } from 'kysely'
import { Fault } from '../../base/fault.ts'
import { HANDOVERS, nextEvent, type SlotEvent, type SlotEventKind } from '../../serving/history.ts'
import type { Registry, ReleaseState } from '../../serving/registry.ts'
import type { Database } from './open.ts'
import type { Tables } from './schema.ts'
import { handoverAt, slotsOf, toEvent } from './slot-history.ts'

const toRow = (event: SlotEvent): Tables['slot_events'] => ({
  seq: event.seq,
  at: event.at,
  slot: event.slot,
  event: event.event,
  from_release: event.from,
  to_release: event.to,
  actor: event.actor,
  cause: event.cause,
  gate_report_sha256: event.gateReportSha256,
  config_sha256: event.configSha256,
  code_version: event.codeVersion,
  prev_hash: event.prevHash,
  hash: event.hash,
})

export function sqlRegistry(db: Database): Registry {
  return {
    async saveRelease(release, members, gates) {
      await db.transaction().execute(async tx => {
        await tx
          .insertInto('releases')
          .values({
            digest: release.digest,
            release_id: release.releaseId,
            channel: release.channel,
            version: release.version,
            label: release.label,
            state: release.state,
            manifest: release.manifest,
            evaluation: release.evaluation,
            first_seen: release.firstSeen,
          })
          .onConflict(conflict => conflict.column('digest').doUpdateSet({ state: release.state }))
          .execute()
        for (const member of members) {
          await tx
            .insertInto('artifacts')
            .values({
              sha256: member.sha256,
              size: member.size,
              role: member.role ?? null,
              media_type: member.mediaType,
            })
            .onConflict(conflict => conflict.doNothing())
            .execute()
          await tx
            .insertInto('release_members')
            .values({ digest: release.digest, name: member.name, sha256: member.sha256 })
            .onConflict(conflict => conflict.doNothing())
            .execute()
        }
        await tx
          .insertInto('gate_results')
          .values({
            digest: gates.digest,
            at: gates.at,
            report_sha256: gates.reportSha256,
            report: gates.report,
            verdict: gates.verdict,
            decided_by: gates.decidedBy,
          })
          .execute()
      })
    },
    async setState(digest, state) {
      const { numUpdatedRows } = await db
        .updateTable('releases')
        .set({ state })
        .where('digest', '=', digest)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) {
        throw new Fault('RELEASE_UNKNOWN', `no release ${digest} in the registry`, {
          fix: 'list what there is: ratchet models list',
        })
      }
    },
    async releases(channel) {
      // Columns of the index `releases_listed` only: the texts lie in between and are not walked through.
      let query = db
        .selectFrom('releases')
        .select(['digest', 'release_id', 'channel', 'version', 'label', 'state', 'first_seen'])
        .orderBy('first_seen')
        .orderBy('digest')
      if (channel !== undefined) query = query.where('channel', '=', channel)
      return (await query.execute()).map(row => ({
        digest: row.digest,
        releaseId: row.release_id,
        channel: row.channel,
        version: row.version,
        label: row.label,
        state: row.state as ReleaseState,
        firstSeen: row.first_seen,
      }))
    },
    async documents(digest) {
      const query = db.selectFrom('releases').select(['manifest', 'evaluation']).where('digest', '=', digest)
      const row = await query.executeTakeFirst()
      return row === undefined ? undefined : { ...row }
    },
    async gateReports(digest) {
      const rows = await db.selectFrom('gate_results').selectAll().where('digest', '=', digest).orderBy('seq').execute()
      return rows.map(row => ({
        digest: row.digest,
        at: row.at,
        reportSha256: row.report_sha256,
        report: row.report,
        verdict: row.verdict as 'pass' | 'fail',
        decidedBy: row.decided_by,
      }))
    },
    async block({ digest, at, code, reason }) {
      await db
        .insertInto('blocklist')
        .values({ digest, at, code, reason })
        .onConflict(conflict => conflict.doNothing())
        .execute()
    },
    async unblock(digest) {
      await db.deleteFrom('blocklist').where('digest', '=', digest).execute()
    },
    async blockOf(digest) {
      const row = await db.selectFrom('blocklist').selectAll().where('digest', '=', digest).executeTakeFirst()
      return row === undefined ? undefined : { ...row }
    },
    async blocks() {
      const rows = await db.selectFrom('blocklist').selectAll().orderBy('at').orderBy('digest').execute()
      return rows.map(row => ({ ...row }))
    },
    async append(draft, states) {
      return db.transaction().execute(async tx => {
        const last = await tx.selectFrom('slot_events').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst()
        const event = nextEvent(last === undefined ? undefined : toEvent(last), draft)
        await tx.insertInto('slot_events').values(toRow(event)).execute()
        for (const [digest, state] of states ?? []) {
          await tx.updateTable('releases').set({ state }).where('digest', '=', digest).execute()
        }
        return event
      })
    },
    async events() {
      const rows = await db.selectFrom('slot_events').selectAll().orderBy('seq').execute()
      return rows.map(toEvent)
    },
    async lastEvent(slot, kinds) {
      const row = await db
        .selectFrom('slot_events')
        .selectAll()
        .where('slot', '=', slot)
        .where('event', 'in', [...kinds])
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? undefined : toEvent(row)
    },
    async eventsOf(slot, kinds) {
      const rows = await db
        .selectFrom('slot_events')
        .selectAll()
        .where('slot', '=', slot)
        .where('event', 'in', [...kinds])
        .orderBy('seq')
        .execute()
      return rows.map(toEvent)
    },
    async lastHandover(slot) {
      const row = await db
        .selectFrom('slot_events')
        .selectAll()
        // As an expression, so that the history is walked from its end: by the index of slots all of it would be sorted first.
        .where(sql<boolean>`coalesce(slot, '') = ${slot}`)
        .where('event', 'in', [...HANDOVERS])
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? undefined : toEvent(row)
    },
    handoverAt: (slot, timeMs) => handoverAt(db, slot, timeMs),
    slots: () => slotsOf(db),
    async eventCounts(channel) {
      const rows = await db
        .selectFrom('slot_events')
        .select('event')
        .select(select => select.fn.countAll<number>().as('count'))
        .where('to_release', 'in', own => own.selectFrom('releases').select('digest').where('channel', '=', channel))
        .groupBy('event')
        .execute()
      return new Map(rows.map(row => [row.event as SlotEventKind, row.count]))
    },
  }
}
