// The whole loop over recorded bars on a replay clock: features, decisions, fills, training, gates, swaps, feedback, to the last bar.

import { canonicalJson } from '../base/canonical-json.ts'
import { type ReplayClock, replayClock } from '../base/clock.ts'
import { sha256 } from '../base/hash.ts'
import { seededRng } from '../base/rng.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import { modelSlot } from '../serving/slot.ts'
import { candidateBook } from '../trading/candidates.ts'
import { tradingEngine } from '../trading/engine.ts'
import { paperBroker } from '../trading/paper-broker.ts'
import { portfolio } from '../trading/portfolio.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import type { Market } from './import-series.ts'
import { type LoopEvent, type LoopOptions, loopStart, step } from './lifecycle.ts'
import { replayLimits } from './limits-of.ts'
import type { Ports, State } from './ports.ts'
import { openChannel } from './replay-channel.ts'
import { type ReplaySummary, summaryOf } from './replay-summary.ts'
import { replayTrainer } from './replay-trainer.ts'
import { runLockOf } from './run-lock.ts'
import { runRecorder } from './run-recorder.ts'
import { slotModels } from './set-lease.ts'

export type ReplayRequest = {
  readonly market: Market
  readonly seed: number
  readonly everyBars: number
  readonly warmupBars: number
}

/** What a watcher is told, bar by bar and event by event. */
export type ReplayView = {
  readonly bar: number
  readonly bars: number
  readonly time: number
  readonly equity: number
  readonly inCharge: string
  readonly text: string
}

export type ReplayHooks = {
  readonly signal: AbortSignal
  /** About every hundredth of the way, and at every event of the loop. */
  readonly onView: (view: ReplayView) => void
}

/** The kill file lies in the state directory or its `data` folder (RSK-13). */
const killed =
  ({ present, settings }: Ports, directory: string) =>
  (): string | undefined => {
    const file = [directory, `${directory}/data`].map(folder => `${folder}/${settings.killSwitch.file}`).find(present)
    return file === undefined ? undefined : `the kill file ${file} is there`
  }

/**
 * Runs to the last bar, or to the abort of the signal. One seed and the same bars give the same event hash.
 *
 * Faults: `INTERRUPTED`, and those of the state directory; refusals of releases are part of the run.
 */
export async function replay(
  request: ReplayRequest,
  state: State,
  ports: Ports,
  hooks: ReplayHooks,
): Promise<ReplaySummary> {
  const oracle = ports.oracle()
  try {
    return await ports.withLock(runLockOf(state.directory), () => runReplay(request, state, ports, hooks, oracle))
  } finally {
    await oracle.close()
  }
}

async function runReplay(
  { market, seed, everyBars, warmupBars }: ReplayRequest,
  state: State,
  ports: Ports,
  { signal, onView }: ReplayHooks,
  oracle: RuntimeOracle,
): Promise<ReplaySummary> {
  const { series, instrument, calendar, excludedDates } = market
  const { bars, barMs, hasVolume } = series
  const { settings } = ports
  const clock: ReplayClock = replayClock(bars[0]!.knownAt)
  const rng = seededRng(seed)
  const limits = replayLimits(settings, series.symbol, everyBars)
  const slot = modelSlot()
  const channel = await openChannel(state, ports, slot, clock)
  const configuration = canonicalJson({ ...settings, everyBars, warmupBars })
  await state.journal.startRun({
    runId: channel.runId,
    channel: channel.name,
    startedAt: ports.clock.now(),
    seed,
    symbol: series.symbol,
    dataHash: series.snapshotId,
    configSnapshot: { id: sha256(configuration).slice(0, 16), body: configuration },
  })
  const recorder = runRecorder(state.journal, channel.runId, series.provenance)
  const strategies = GENERAL_STRATEGIES.map(({ name }) => name)
  const ledger = portfolio({ instrument, calendar, barMs, capital: settings.backtest.initialCapital })
  const book = candidateBook({
    instrument,
    calendar,
    barMs,
    hasVolume,
    strategies: GENERAL_STRATEGIES,
    labels: limits,
    excludedDates,
  })
  const engine = tradingEngine({
    instrument,
    calendar,
    barMs,
    models: slotModels(slot, strategies),
    broker: paperBroker({ instrument, barMs, hasVolume }),
    portfolio: ledger,
    limits,
    clock,
    rng: rng.fork('engine'),
    killed: killed(ports, state.directory),
    onDecision: recorder.decision,
    onOrder: recorder.order,
    onFill: recorder.fill,
    onTrade: recorder.trade,
  })
  let index = -1
  const view = (text: string): void => {
    const inCharge = slot.current()?.label ?? 'baseline'
    onView({
      bar: index + 1,
      bars: bars.length,
      time: clock.now(),
      equity: ledger.view().equityMicros / 1e6,
      inCharge,
      text,
    })
  }
  const loopOptions: LoopOptions = { everyBars, warmupBars, maxHoldBars: 8 * everyBars }
  const trainer = replayTrainer({
    market,
    book,
    ports,
    state,
    clock,
    oracle,
    signal,
    channel,
    slot,
    recorder,
    limits,
    rng: rng.fork('training'),
    memberAgeBars: 2 * everyBars,
    maxHoldBars: loopOptions.maxHoldBars,
    view,
    bars: () => bars.slice(0, index + 1),
  })

  let loop = loopStart
  let labelled = 0
  const advance = async (event: LoopEvent): Promise<void> => {
    const next = step(loop, event, loopOptions)
    loop = next.state
    if (next.command === 'train') await advance({ type: 'trained', released: await trainer.train() })
    else if (next.command === 'publish') {
      await trainer.publish()
      await advance({ type: 'published', index })
    } else if (next.command === 'sync') {
      await trainer.sync()
      await advance({ type: 'synced' })
    }
  }
  try {
    const hundredth = Math.max(1, Math.floor(bars.length / 100))
    for (const bar of bars) {
      signal.throwIfAborted()
      index++
      clock.advanceTo(bar.knownAt)
      const event = book.update(bar)
      labelled += event.resolved.length
      engine.onEvent(event, book.table)
      const { equityMicros, openPositions } = ledger.view()
      recorder.equity({ at: bar.knownAt, equityMicros })
      await recorder.flush()
      // A published release waits in `holding`: the bar after it finds the book as this one left it.
      for (let again = true; again; ) {
        const { phase, skipped } = loop
        const reason = await trainer.skipReason()
        await advance({
          type: 'bar',
          index,
          labelledRows: labelled,
          flat: openPositions === 0,
          skip: reason !== undefined,
        })
        if (reason !== undefined && loop.skipped > skipped) await trainer.skipped(reason)
        again = phase === 'waiting' && loop.phase === 'holding'
      }
      if (index % hundredth === 0) view('')
    }
    // A training that was cut short looks like a failed one, and after the last bar nobody would ask again.
    signal.throwIfAborted()
    engine.close('end')
    // The book is flat now: a release that still waits is judged like any other.
    if (loop.phase === 'holding') {
      await advance({ type: 'bar', index, labelledRows: labelled, flat: true, skip: true })
    }
    const summary = summaryOf({
      market,
      seed,
      everyBars,
      loop,
      trainer: trainer.tally(),
      candidates: book.table.length,
      recorder,
      capital: settings.backtest.initialCapital,
      equity: ledger.view().equityMicros / 1e6,
      resumed: engine.riskState().resumed,
    })
    await recorder.flush(true)
    await state.journal.endRun(channel.runId, {
      state: 'finished',
      endedAt: ports.clock.now(),
      summary: canonicalJson(summary),
    })
    return summary
  } catch (error) {
    await recorder.flush(true)
    const ended = signal.aborted ? 'interrupted' : 'failed'
    await state.journal.endRun(channel.runId, { state: ended, endedAt: ports.clock.now(), summary: null })
    throw error
  }
}
