// The whole loop over recorded bars on a replay clock: features, decisions, fills, training, gates, swaps, feedback, to the last bar.

import { canonicalJson } from '../base/canonical-json.ts'
import { type ReplayClock, replayClock } from '../base/clock.ts'
import { seededRng } from '../base/rng.ts'
import { causeOf } from '../feedback/request.ts'
import { type Cause, SCHEDULED } from '../feedback/worth.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import { faultOf } from '../serving/installation.ts'
import { modelSlot } from '../serving/slot.ts'
import { type PositionPolicy, positionsAfterRollback } from '../serving/swap-policy.ts'
import { candidateBook } from '../trading/candidates.ts'
import { type Pulled, TRADING_SCOPES } from '../trading/kill-scopes.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import { firstBarAfter } from './gate-evidence.ts'
import { killFile } from './kill-file.ts'
import { stoppedTraining } from './kill-guard.ts'
import { leakGuard } from './leak-guard.ts'
import { isDue, type LoopEvent, type LoopOptions, loopStart, nextDue, step } from './lifecycle.ts'
import { replayLimits } from './limits-of.ts'
import { watchRun } from './meter-run.ts'
import { REPLAY_SLOT } from './model-catalogue.ts'
import type { Ports, State } from './ports.ts'
import { refuseInProduction } from './refuse-in-production.ts'
import { replayAccount } from './replay-account.ts'
import { openChannel, realign } from './replay-channel.ts'
import { barCommands } from './replay-commands.ts'
import type { ReplayControl } from './replay-control.ts'
import { replayDrift } from './replay-drift.ts'
import { plainFigures, type ReplayFigures, replayBook } from './replay-figures.ts'
import { replayInputs } from './replay-inputs.ts'
import { openRun, type ReplayRequest, startRun } from './replay-run.ts'
import { replayStaleness } from './replay-staleness.ts'
import { type ReplaySummary, summaryOf } from './replay-summary.ts'
import { replayTrainer } from './replay-trainer.ts'
import { runLockOf } from './run-lock.ts'
import { runRecorder } from './run-recorder.ts'

export type { ReplayRequest } from './replay-run.ts'

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
  /** A training has ended, and the release that it made was judged; not told of cycles that were durable before. */
  readonly onCycle?: ((cycle: { readonly released: boolean }) => void) | undefined
  /** Where somebody watches and may ask for something; a run without is as fast as it goes. */
  readonly control?: ReplayControl | undefined
}

/** What a cycle stands for where waits are counted in minutes (SRV-33). */
const SLOT_MINUTES = 30

/** Watchers see a bar this long after it came at most. */
const WATCHED_FLUSH_MS = 80

const askedFor = (reason: string): Cause => ({ kind: 'asked', reason })

const DRILL = { type: 'drill', name: 'forged-release' } as const

/** Looks whether the file is there at every bar, and reads it where it is. It lies in the state directory or its `data` folder (RSK-13). */
const killed = ({ present, disk, settings }: Ports, directory: string) => {
  const { file } = settings.killSwitch
  const places = [directory, `${directory}/data`].map(folder => `${folder}/${file}`)
  return async (): Promise<Pulled | undefined> => {
    const place = places.find(present)
    if (place === undefined) return undefined
    const pulled = await killFile(directory, file, disk).pulled()
    return pulled ?? { reason: `the kill file ${place} is there`, scopes: TRADING_SCOPES }
  }
}

/**
 * Runs to the last bar, or to the abort of the signal. One seed and the same bars give the same event hash. The newest run of the state
 * directory goes on where it stopped, if it was of the same making: bars, seed, configuration and code.
 *
 * Faults: `INTERRUPTED`, `RESTARTED`, `RESUME_DIVERGED`, and those of the state directory; refusals of releases are part of the run.
 */
export async function replay(
  request: ReplayRequest,
  state: State,
  ports: Ports,
  hooks: ReplayHooks,
): Promise<ReplaySummary> {
  await refuseInProduction(request.market.series, state.directory, ports)
  const oracle = ports.oracle()
  try {
    return await ports.withLock(runLockOf(state.directory), () => runReplay(request, state, ports, hooks, oracle))
  } finally {
    await oracle.close()
  }
}

async function runReplay(
  request: ReplayRequest,
  state: State,
  ports: Ports,
  hooks: ReplayHooks,
  oracle: RuntimeOracle,
): Promise<ReplaySummary> {
  const { market, seed, everyBars, everyMs, warmupBars } = request
  const { onView, control } = hooks
  const { series, instrument, calendar, excludedDates } = market
  const { bars, barMs, hasVolume } = series
  const { settings } = ports
  const capital = settings.backtest.initialCapital
  const clock: ReplayClock = replayClock(bars[0]!.knownAt)
  const rng = seededRng(seed)
  const limits = replayLimits(settings, series.symbol)
  const slot = modelSlot(REPLAY_SLOT)
  const { runId: pastId, progress, cycles, inputs: pastInputs } = await openRun(request, state, ports)
  const channel = await openChannel({ state, ports, slot, clock }, pastId)
  const { runId } = channel
  if (pastId === undefined) await startRun(runId, request, state, ports)
  const durableBars = progress?.barsDone ?? 0
  const recorder = runRecorder(
    {
      journal: state.journal,
      runId,
      provenance: series.provenance,
      step: instrument.step,
      clock: ports.clock,
      flushMs: control === undefined ? undefined : WATCHED_FLUSH_MS,
      past: progress,
      onCommitted: seq => control?.committed(seq),
      meter: ports.meter,
    },
    pastInputs.length,
  )
  let index = -1
  const inputs = replayInputs({
    past: pastInputs,
    durableBars,
    killed: killed(ports, state.directory),
    record: (bar, input) => recorder.input(bar, input),
  })
  const kept = replayBook({ market, limits, capital, runId, rng: rng.fork('figures'), state, ports })
  /** What the last change of the set in charge means for positions that were open. */
  let positions: PositionPolicy = 'pinToEntry'
  const account = replayAccount({
    positions: () => positions,
    market,
    capital,
    limits,
    slot,
    clock,
    rng,
    recorder: {
      ...recorder,
      trade(trade) {
        recorder.trade(trade)
        kept.trade(trade)
      },
    },
    killed: () => inputs.killed(),
    stale: () => staleness.blocked(),
    meter: ports.meter,
  })
  const dailyPnl = () => (account.view().equityMicros - account.view().dayStartMicros) / 1e6
  const watch = watchRun({ meter: ports.meter, slot, clock, dailyPnl })
  const book = candidateBook({
    instrument,
    calendar,
    barMs,
    hasVolume,
    strategies: GENERAL_STRATEGIES,
    labels: limits,
    excludedDates,
    news: market.news?.table,
  })
  const view = (text: string): void => {
    const inCharge = slot.current()?.label ?? 'baseline'
    const equity = account.view().equityMicros / 1e6
    onView({ bar: index + 1, bars: bars.length, time: clock.now(), equity, inCharge, text })
  }
  const { swap } = settings.serving
  const maxHoldBars = Math.max(1, Math.round((swap.maxWaitMinutes / SLOT_MINUTES) * everyBars))
  const loopOptions: LoopOptions = { everyBars, everyMs, warmupBars, maxHoldBars, swap }
  const restart = control?.begin(runId, warmupBars - 1)
  const signal = restart === undefined ? hooks.signal : AbortSignal.any([hooks.signal, restart])
  const trainer = replayTrainer({
    market,
    book,
    ports,
    state,
    clock,
    oracle,
    guard: leakGuard(),
    signal,
    channel,
    recorder,
    limits,
    rng: rng.fork('training'),
    memberAgeBars: 2 * everyBars,
    maxHoldBars: loopOptions.maxHoldBars,
    past: cycles,
    durableBars,
    view,
    bars: () => bars.slice(0, index + 1),
    onProgress: training => control?.update({ training }),
    fits: control?.fits,
    onSigned: watch.signed,
    killed: killed(ports, state.directory),
  })
  const commands = barCommands({
    channel,
    recorder,
    account,
    trainer,
    clock,
    symbol: series.symbol,
    signal,
    killed: killed(ports, state.directory),
    onPause: entriesPaused => control?.update({ entriesPaused }),
    onTrain(reason) {
      if (wanted !== undefined) return false
      wanted = reason
      control?.update({ trainingAsked: reason })
      return true
    },
    onTakenBack() {
      positions = positionsAfterRollback(settings.rollback.positions, false)
    },
  })

  const inCharge = () => slot.current()
  const staleness = replayStaleness({ bars, everyBars, index: () => index, inCharge })
  const drift = replayDrift({ market, table: book.table, settings, everyBars, clock, inCharge })

  let loop = loopStart
  let cause: Cause = SCHEDULED
  /** Why a person wants a training that has not begun yet. */
  let wanted: string | undefined
  let labelled = 0
  let rehearsed = false
  let killTold = false
  const told = (released: boolean): void => {
    if (index >= durableBars) hooks.onCycle?.({ released })
  }
  const advance = async (event: LoopEvent): Promise<void> => {
    const next = step(loop, event, loopOptions)
    loop = next.state
    positions = next.positions ?? positions
    if (next.starved === true) {
      const then = swap.onStarve === 'pinToEntry' ? 'it swaps, and positions stay with their set' : 'it waits on'
      const detail = `a release has waited ${maxHoldBars} bars for a flat book: ${then}`
      recorder.event({ topic: 'control', at: clock.now(), body: { action: 'swap.starved', detail } })
      view(detail)
    }
    const due = nextDue(loop, loopOptions)
    const nextTrainingBar = 'bar' in due ? due.bar : firstBarAfter(bars, due.time - 1)
    control?.update({ phase: loop.phase, nextTrainingBar })
    if (next.command === 'train') {
      const released = await trainer.train(index, cause)
      control?.update({ training: null })
      if (!released) told(false)
      await advance({ type: 'trained', released })
    } else if (next.command === 'publish') {
      await trainer.publish()
      await advance({ type: 'published', index })
    } else if (next.command === 'sync') {
      await trainer.sync(index)
      if (request.rehearse === true && !rehearsed && index >= durableBars) await commands.act(DRILL, index + 1)
      rehearsed = true
      told(true)
      await advance({ type: 'synced' })
    }
  }
  const tellRun = (
    state: 'running' | 'finished' | 'interrupted' | 'failed',
    fault: { code: string; sentence: string } | null,
    figures: ReplayFigures | null = null,
  ) =>
    recorder.event({
      topic: 'run',
      at: clock.now(),
      body: {
        state,
        bar: index + 1,
        bars: bars.length,
        eventHash: state === 'finished' ? recorder.eventHash() : null,
        fault,
        figures: figures === null ? null : plainFigures(figures),
      },
    })
  try {
    tellRun('running', null)
    const hundredth = Math.max(1, Math.floor(bars.length / 100))
    for (const bar of bars) {
      const next = index + 1
      for (const input of inputs.before(next)) await commands.again(input)
      if (next === durableBars && pastId !== undefined) {
        await realign(channel, trainer.judgedVersion())
        view(`goes on at bar ${next + 1}`)
      }
      if (next >= durableBars) {
        const between = () => control?.serve(command => commands.act(command, next)) ?? Promise.resolve()
        if (control !== undefined && next >= warmupBars) await control.pace.turn(bar.knownAt, between, signal)
        else if (next % 100 === 0) await ports.timer.sleep(0, signal)
      }
      signal.throwIfAborted()
      index = next
      clock.advanceTo(bar.knownAt)
      const event = book.update(bar)
      labelled += event.resolved.length
      await inputs.look(index)
      account.onBar(event, book.table)
      const aged = staleness.look()
      if (aged !== undefined) {
        recorder.event({ topic: 'control', at: clock.now(), body: { action: 'model.stale', detail: aged } })
        view(aged)
      }
      const { cause: halt } = account.riskState()
      if (halt === 'KILLED' && !killTold) {
        const text = await killFile(state.directory, settings.killSwitch.file, ports.disk).text()
        ports.log.write('error', 'kill.pulled', `the kill switch is pulled at bar ${index}`, { file: text ?? null })
      }
      killTold = halt === 'KILLED'
      const { openPositions, equityMicros } = account.view()
      kept.bar(event, equityMicros)
      const time = bar.knownAt
      recorder.endBar(bar, account.facts(bar))
      await recorder.flush()
      // A published release waits in `holding`: the bar after it finds the book as this one left it.
      for (let again = true; again; ) {
        const { phase, skipped } = loop
        const reason = stoppedTraining(inputs.killed()?.scopes) ?? (await trainer.skipReason(index))
        const skip = reason !== undefined
        const waits = phase === 'waiting' && !isDue(loop, { index, time }, loopOptions)
        const request = waits && !skip && wanted === undefined ? drift.ask(index) : undefined
        cause = wanted === undefined ? (request === undefined ? SCHEDULED : causeOf(request)) : askedFor(wanted)
        const asked = wanted !== undefined || request !== undefined
        const { cycles } = loop
        const flat = openPositions === 0
        await advance({ type: 'bar', index, time, labelledRows: labelled, flat, skip, asked })
        if (request !== undefined && loop.cycles > cycles) drift.granted(request)
        if (wanted !== undefined && loop.cycles + loop.skipped > cycles + skipped) {
          wanted = undefined
          control?.update({ trainingAsked: undefined })
        }
        if (skip && loop.skipped > skipped) await trainer.skipped(index, reason)
        again = phase === 'waiting' && loop.phase === 'holding'
      }
      if (index % hundredth === 0) view('')
    }
    // A training that was cut short looks like a failed one, and after the last bar nobody would ask again.
    signal.throwIfAborted()
    account.close()
    // The book is flat now: a release that still waits is judged like any other.
    if (loop.phase === 'holding') {
      await advance({ type: 'bar', index, time: clock.now(), labelledRows: labelled, flat: true, skip: true })
    }
    recorder.endAccount()
    const figures = await kept.figures(account.view().equityMicros)
    const summary = summaryOf({
      market,
      seed,
      everyBars,
      loop,
      trainer: trainer.tally(),
      candidates: book.table.length,
      recorder,
      capital,
      equity: account.view().equityMicros / 1e6,
      resumed: account.riskState().resumed,
      figures,
    })
    tellRun('finished', null, figures)
    await recorder.flush(true)
    const endedAt = ports.clock.now()
    await state.journal.endRun(runId, { state: 'finished', endedAt, summary: canonicalJson(summary) })
    return summary
  } catch (error) {
    const ended = signal.aborted ? 'interrupted' : 'failed'
    const { code, message } = faultOf(error)
    tellRun(ended, ended === 'failed' ? { code, sentence: message } : null)
    await recorder.flush(true)
    await state.journal.endRun(runId, { state: ended, endedAt: ports.clock.now(), summary: null })
    throw error
  } finally {
    watch.stop()
    control?.end()
  }
}
