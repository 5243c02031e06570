// The learning half of a replay: what the loop's commands `train`, `publish` and `sync` do, and what came of them.

import { canonicalJson } from '../base/canonical-json.ts'
import type { ReplayClock } from '../base/clock.ts'
import type { Rng } from '../base/rng.ts'
import type { Bar } from '../market/bar.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import type { BuiltRelease } from '../release/build.ts'
import type { ModelSlot } from '../serving/slot.ts'
import { updateOnce } from '../serving/updater.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import type { Limits } from '../trading/limits.ts'
import { mayTrain } from '../training/skip.ts'
import { firstBarAfter, gateEvidence } from './gate-evidence.ts'
import type { Market } from './import-series.ts'
import { gateLimits } from './limits-of.ts'
import type { Ports, State } from './ports.ts'
import type { Channel } from './replay-channel.ts'
import type { RunRecorder } from './run-recorder.ts'
import { buildCycle, publishCycle, trainCycle, trainingRow } from './training-cycle.ts'

export type TrainerOptions = {
  readonly market: Market
  readonly book: CandidateBook
  readonly ports: Ports
  readonly state: State
  readonly clock: ReplayClock
  readonly oracle: RuntimeOracle
  readonly signal: AbortSignal
  readonly channel: Channel
  readonly slot: ModelSlot
  readonly recorder: RunRecorder
  readonly limits: Limits
  readonly rng: Rng
  /** Bars after which a set in charge is past its age (SRV-24). */
  readonly memberAgeBars: number
  /** Bars a release may wait for a flat book. */
  readonly maxHoldBars: number
  readonly view: (text: string) => void
  /** Bars up to now. */
  readonly bars: () => readonly Bar[]
}

type Verdicts = Record<string, Record<string, number>>

export type Tally = {
  readonly trainings: number
  readonly failed: Readonly<Record<string, number>>
  readonly effectiveRows: number
  readonly published: number
  readonly installed: number
  readonly refused: number
  /** Gate -> result -> count. */
  readonly verdictsByGate: Readonly<Verdicts>
  /** Gate or code that decided a refusal -> count. */
  readonly refusedBy: Readonly<Record<string, number>>
}

export interface ReplayTrainer {
  /** Why no training is to run now, by the word of a person or the configuration (SCHED-02); undefined where one may. */
  skipReason(): Promise<string | undefined>
  /** Records that a cycle was due and skipped. */
  skipped(reason: string): Promise<void>
  /** True when a release was built. */
  train(): Promise<boolean>
  publish(): Promise<void>
  sync(): Promise<void>
  tally(): Tally
}

const count = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

export function replayTrainer(options: TrainerOptions): ReplayTrainer {
  const { market, book, ports, state, clock, channel, slot, recorder, limits, rng, signal, view } = options
  const { series, instrument, calendar } = market
  const { settings } = ports
  const failed: Record<string, number> = {}
  const refusedBy: Record<string, number> = {}
  const verdictsByGate: Verdicts = {}
  const tally = { trainings: 0, effectiveRows: 0, published: 0, installed: 0, refused: 0 }
  let cycle = 0
  let skips = 0
  let version = 0
  let previous: string | null = null
  let built: BuiltRelease | undefined
  let cursor: string | undefined

  return {
    async skipReason() {
      const { training } = settings
      const directories = [state.directory, `${state.directory}/data`, ports.workingDirectory]
      // The configuration and the data of a replay are fixed, and rows have grown whenever a cycle is due: only people can skip it.
      const now = { snapshotId: String(book.table.length), configHash: '', codeVersion: ports.facts.codeVersion }
      const question = {
        enabled: training.enabled,
        environment: ports.environment,
        directories,
        skipFile: training.skipFile,
        now,
      }
      const answer = await mayTrain(question, async path => ports.present(path))
      return answer.train ? undefined : answer.reason
    },

    async skipped(reason) {
      skips++
      await state.journal.recordTraining({
        trainingId: `${channel.runId}-skipped-${skips}`,
        runId: channel.runId,
        symbol: series.symbol,
        asOf: clock.now(),
        status: 'skipped',
        effectiveRows: null,
        rows: null,
        release: null,
        fault: null,
        report: canonicalJson({ reason }),
      })
      view(reason)
    },

    async train() {
      cycle++
      const started = ports.clock.now()
      const seed = rng.fork(`cycle ${cycle}`).int(2 ** 31)
      view(`training ${cycle}`)
      const trained = await trainCycle({ seed, number: cycle, champion: slot.current() }, options)
      tally.trainings++
      const row = {
        trainingId: `${channel.runId}-${cycle}`,
        runId: channel.runId,
        symbol: series.symbol,
        asOf: clock.now(),
      }
      if (!trained.ok) {
        count(failed, trained.fault.code)
        await state.journal.recordTraining(trainingRow(row, trained))
        view(`training ${cycle}: ${trained.fault.code}`)
        return false
      }
      tally.effectiveRows = trained.effectiveRows
      const release = buildCycle(
        {
          trained,
          channel: channel.name,
          symbol: series.symbol,
          version: version + 1,
          prevManifestSha256: previous,
          keys: [channel.key],
          baseUrl: channel.publisher.capabilities().originUrl,
          holdMs: 2 * options.maxHoldBars * series.barMs,
        },
        options,
      )
      await state.journal.recordTraining(trainingRow(row, trained, release))
      if (!release.ok) {
        count(failed, release.fault.code)
        view(`training ${cycle}: no release, ${release.fault.code}`)
        return false
      }
      built = release.value
      view(`training ${cycle}: ${built.releaseId} in ${((ports.clock.now() - started) / 1000).toFixed(1)} s`)
      return true
    },

    async publish() {
      if (built === undefined) throw new Error('nothing was built to publish')
      const published = await publishCycle(built, channel.publisher, signal)
      if (!published.ok) throw published.fault
      version++
      previous = built.manifestSha256
      tally.published++
      recorder.release(built.releaseId)
    },

    async sync() {
      const result = await updateOnce({
        source: channel.source,
        policy: channel.policy(series.symbol),
        memory: channel.memory,
        installation: channel.installation,
        gateContext: (release, candidate, champion) => {
          const known = {
            table: book.table,
            bars: options.bars(),
            instrument,
            calendar,
            limits,
            barMs: series.barMs,
            hasVolume: series.hasVolume,
            capital: settings.backtest.initialCapital,
            seed: cycle,
            replayBars: settings.gates.replayBars,
            recentRows: settings.gates.sanityVectors,
          }
          const evidence = candidate.ok ? gateEvidence(known, candidate.value, champion) : {}
          const symbol = series.symbol
          // One run, one recipe: whatever is trained later is a refresh of what was trained before.
          const refresh =
            champion !== undefined &&
            known.bars.length - firstBarAfter(known.bars, champion.windows.dataEnd) >= options.memberAgeBars
          return {
            ...evidence,
            refresh,
            release,
            candidate,
            champion,
            profile: 'paper',
            symbol,
            features: book.schema,
            limits: gateLimits(settings),
          }
        },
        cursor,
        signal,
      })
      cursor = result.cursor
      for (const gate of result.gateReport?.results ?? []) {
        recorder.gate(gate)
        verdictsByGate[gate.gate] ??= {}
        count(verdictsByGate[gate.gate]!, gate.result)
      }
      tally.installed += result.installed
      for (const refusal of result.refused) {
        tally.refused++
        const by = result.gateReport?.decidedBy ?? refusal.code
        count(refusedBy, by)
        view(`refused ${result.releaseId ?? ''} by ${by}: ${refusal.detail}`)
      }
      if (result.installed === 1) view(`installed ${result.releaseId}`)
    },

    tally: () => ({ ...tally, failed, refusedBy, verdictsByGate }),
  }
}
