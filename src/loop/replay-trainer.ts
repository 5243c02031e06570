// The learning half of a replay: what the loop's commands `train`, `publish` and `sync` do, and what came of them. What an earlier start
// of the same run did already is taken from its records.

import { canonicalJson } from '../base/canonical-json.ts'
import type { Cause, Worth } from '../feedback/worth.ts'
import type { BuiltRelease } from '../release/build.ts'
import { type PromoteRequest, type Promotion, promoteRelease } from '../serving/promote.ts'
import { type SyncResult, type UpdateOptions, updateOnce } from '../serving/updater.ts'
import type { TrainingRow } from '../trading/journal.ts'
import type { Pulled } from '../trading/kill-scopes.ts'
import { type CycleRecord, type CycleRelease, type Tally, tallyOf } from './cycle-record.ts'
import { type GateAsk, gateQuestion } from './gate-question.ts'
import { lookAct } from './look-act.ts'
import { asOperator } from './operator.ts'
import type { State } from './ports.ts'
import { labelledReader, recallSet } from './recall.ts'
import { retrainingsOf, watchedScores, withRetrainings } from './replay-worth.ts'
import type { RunRecorder } from './run-recorder.ts'
import { skipReason } from './skip-reason.ts'
import { type TrainingOptions, trainInRun } from './train-in-run.ts'
import { publishCycle } from './training-cycle.ts'

export type TrainerOptions = TrainingOptions &
  Omit<GateAsk, 'cycle' | 'level'> & {
    readonly state: State
    /** What an earlier start of this run did. */
    readonly past: readonly CycleRecord[]
    /** Bars that are made again. */
    readonly durableBars: number
    readonly onSigned: UpdateOptions['onSigned']
    /** Asked now. */
    readonly killed: () => Promise<Pulled | undefined>
  }

export interface ReplayTrainer {
  /** Why no training is to run at this bar, by the word of a person or the configuration (SCHED-02); undefined where one may. */
  skipReason(bar: number): Promise<string | undefined>
  /** Records that a cycle was due and skipped. */
  skipped(bar: number, reason: string): Promise<void>
  /** True when a release was built. */
  train(bar: number, cause: Cause): Promise<boolean>
  publish(): Promise<void>
  sync(bar: number): Promise<void>
  /** A release that a person chose, through the gates as they would be asked now. */
  promote(request: Omit<PromoteRequest, 'readers'> & { readonly label: string }, bar: number): Promise<Promotion>
  tally(): Tally
  /** The newest published release; undefined before the first. */
  newest(): CycleRelease | undefined
  /** Version of the newest release that is known to have been judged; 0 before the first. */
  judgedVersion(): number
}

const KILLED = { code: 'KILLED', by: 'KILLED' } as const

export function replayTrainer(options: TrainerOptions): ReplayTrainer {
  const { market, book, ports, state, clock, channel, recorder, signal, view } = options
  const { slot } = channel.installation
  const { symbol } = market.series
  const past = new Map(options.past.map(record => [record.slot, record]))
  const records: CycleRecord[] = []
  let trainings = 0
  let built: BuiltRelease | undefined
  let row: TrainingRow | undefined
  let cursor: string | undefined

  const told = (bar: number): boolean => bar < options.durableBars
  const last = (): CycleRecord => records.at(-1)!
  const releaseOf = ({ training }: CycleRecord) => training?.release ?? undefined
  const versions = () => records.flatMap(record => releaseOf(record) ?? [])
  const keep = async (record: CycleRecord): Promise<void> => {
    if (records.at(-1)?.slot === record.slot) records.pop()
    records.push(record)
    const { slot: number, bar } = record
    await state.runLog.recordCycle(channel.runId, { slot: number, bar, body: canonicalJson(record) })
  }
  const remembered = (): CycleRecord | undefined => past.get(records.length + 1)
  const event: RunRecorder['event'] = draft => recorder.event(draft)
  const lookAt = (act: number | string) => {
    const own = { name: `${channel.runId}-${act}`, actor: channel.runId, scope: channel.runId }
    return lookAct(own, { market, ports, ledger: state.ledger })
  }

  return {
    skipReason: async bar =>
      told(bar) && remembered()?.bar === bar
        ? (remembered()?.skipped ?? undefined)
        : skipReason(book.table.length, state, ports),

    async skipped(bar, reason) {
      const known = remembered()
      const record = { slot: records.length + 1, bar, skipped: reason, training: null, sync: null }
      if (known !== undefined) {
        records.push(known)
        return
      }
      await state.journal.recordTraining({
        trainingId: `${channel.runId}-skipped-${records.length - trainings + 1}`,
        runId: channel.runId,
        symbol,
        asOf: clock.now(),
        status: 'skipped',
        effectiveRows: null,
        rows: null,
        release: null,
        fault: null,
        report: canonicalJson({ reason }),
        number: null,
        durationMs: null,
        curves: null,
      })
      await keep(record)
      const nothing = { releaseId: null, label: null, effectiveRows: null, durationMs: null }
      const trainingId = `${channel.runId}-skipped-${records.length - trainings}`
      event({
        topic: 'training',
        at: clock.now(),
        body: { ...nothing, trainingId, number: trainings, bar, state: 'skipped', reason },
      })
      view(reason)
    },

    async train(bar, cause) {
      trainings++
      const number = trainings
      const known = remembered()
      if (known !== undefined) {
        records.push(known)
        return releaseOf(known) !== undefined
      }
      const retrainings = retrainingsOf(records)
      const made = await trainInRun({ number, bar, cause, previous: versions().at(-1), retrainings }, options)
      ;({ built, row } = made)
      const record = { slot: records.length + 1, bar, skipped: null, training: made.training, sync: null }
      // One with a release is kept once that is published.
      if (built === undefined) await keep(record)
      else records.push(record)
      return built !== undefined
    },

    async publish() {
      const release = releaseOf(last())
      if (release === undefined) throw new Error('nothing was built to publish')
      recorder.release(release.releaseId)
      if (past.has(last().slot)) return
      const published = await publishCycle(built!, channel.publisher, signal)
      if (!published.ok) throw published.fault
      await keep(last())
      const { releaseId, label, version, manifestSha256: digest } = release
      event({ topic: 'published', at: clock.now(), body: { releaseId, label, version, digest, bar: last().bar } })
      await recorder.flush(true)
    },

    async sync(bar) {
      const release = releaseOf(last())!
      const { sync } = last()
      if (sync !== null) {
        for (const gate of sync.gates) recorder.gate(gate)
        if (sync.installed) slot.swap(await recallSet(release, { channel, symbol, clock, signal }))
        return
      }
      const pulled = await options.killed()
      if (pulled?.scopes.includes('models') === true) {
        const detail = `the kill switch is pulled for models: ${pulled.reason}`
        await keep({ ...last(), sync: { installed: false, gates: [], refusals: [{ ...KILLED, detail }] } })
        const { releaseId, label, manifestSha256: digest } = release
        const verdict = { verdict: 'refused', decidedBy: KILLED.by, detail } as const
        const body = { drill: false, releaseId, label, digest, gates: [], bar, ...verdict }
        event({ topic: 'judged', at: clock.now(), body })
        await recorder.flush(true)
        return
      }
      const before = slot.current()
      const look = lookAt(trainings)
      const scores = watchedScores(gateQuestion({ ...options, cycle: trainings, level: await look.level() }))
      const result = await updateOnce({
        source: channel.source,
        policy: channel.policy(symbol),
        memory: channel.memory,
        installation: channel.installation,
        gateContext: scores.ask,
        onJudged: look.enter,
        cursor,
        onSigned: options.onSigned,
        signal,
      })
      cursor = result.cursor
      const gates = result.gateReport?.results ?? []
      for (const gate of gates) recorder.gate(gate)
      const refusals = result.refused.map(({ code, detail }) => {
        return { code, by: result.gateReport?.decidedBy ?? code, detail }
      })
      await keep({ ...worthy(last(), scores.worth()), sync: { installed: result.installed === 1, gates, refusals } })
      // Of a training of an earlier start the row is no longer at hand; the shares that follow count it all the same.
      if (row !== undefined) await state.journal.recordTraining(withRetrainings(row, retrainingsOf(records)))
      const { releaseId, label, manifestSha256: digest } = release
      event({
        topic: 'judged',
        at: clock.now(),
        body: { drill: false, releaseId, label, digest, gates, bar, ...verdictOf(result) },
      })
      for (const { by, detail } of refusals) view(`refused ${releaseId} by ${by}: ${detail}`)
      if (result.installed === 1) {
        const change = { from: before?.digest ?? null, to: digest, label, bar, cause: 'gates passed' }
        event({ topic: 'swap', at: clock.now(), body: { event: 'activated', ...change } })
        view(`installed ${releaseId}`)
      }
      await recorder.flush(true)
    },

    async promote({ label, ...request }, bar) {
      const look = lookAt(`promote-${label}-${bar}`)
      const { installation, memory, source } = channel
      const level = await look.level()
      return promoteRelease(
        { ...request, readers: [labelledReader(source, label, signal)] },
        {
          policy: channel.policy(symbol),
          memory,
          installation: asOperator(installation),
          gateContext: gateQuestion({ ...options, cycle: trainings, level }),
          onJudged: look.enter,
        },
      )
    },

    tally: () => tallyOf(records),
    newest: () => versions().at(-1),
    judgedVersion: () =>
      records.reduce((newest, record) => (record.sync === null ? newest : releaseOf(record)!.version), 0),
  }
}

/** The cycle with what its training was worth. */
function worthy(cycle: CycleRecord, worth: Worth | null): CycleRecord {
  const { training } = cycle
  if (training?.retraining === undefined) return cycle
  return { ...cycle, training: { ...training, retraining: { ...training.retraining, worth } } }
}

/** What one pass came to, in the words of the event. */
export function verdictOf({ installed, refused, gateReport, held }: SyncResult) {
  const [refusal] = refused
  const kept = refusal === undefined ? (held ?? ('known' as const)) : ('refused' as const)
  const verdict = installed === 1 ? ('installed' as const) : kept
  const decidedBy = refusal === undefined ? null : (gateReport?.decidedBy ?? refusal.code)
  return { verdict, decidedBy, detail: refusal?.detail ?? '' }
}
