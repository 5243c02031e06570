// A loop by the clock as a run: what it does goes into the records and the outbox, where pages and programs outside see it as they see a replay.

import type { Clock } from '../base/clock.ts'
import type { JournalBatch, RunStart } from '../trading/journal.ts'
import type { Market } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import type { RunEventDraft } from './run-event.ts'
import { snapshotOf } from './settings-snapshot.ts'

export type ClockRunOptions = {
  readonly market: Market
  readonly state: Pick<State, 'journal'>
  readonly ports: Pick<Ports, 'settings' | 'facts' | 'log' | 'clock'>
  /** The machine's: which run is the newest is told by it, also where the loop's own clock runs ahead. */
  readonly wall: Clock
  readonly seed: number
  /** Events up to this seq are durable. */
  readonly onCommitted: (seq: number) => void
}

export interface ClockRun {
  readonly runId: string
  /** The newest bar that was there at the start. */
  readonly bar: number
  /** Written in the order of the calls, in its own time; what cannot be written is told to the log. */
  tell(drafts: () => Promise<readonly RunEventDraft[]>): void
  /** What was told is durable, and the run has ended. */
  end(state: 'interrupted' | 'failed', fault?: { readonly code: string; readonly sentence: string }): Promise<void>
}

/** One run per channel and symbol: a loop that starts again goes on with it. */
export const clockRunId = (channel: string, symbol: string): string => `clock-${channel}-${symbol}`

function startOf({ market, ports, wall, seed }: ClockRunOptions): RunStart {
  const { settings, facts } = ports
  const { series, instrument } = market
  const { symbol, barMs, provenance, snapshotId, bars } = series
  const { channel } = settings.release
  return {
    runId: clockRunId(channel, symbol),
    channel,
    startedAt: wall.now(),
    seed,
    symbol,
    dataHash: snapshotId,
    configSnapshot: snapshotOf(settings),
    facts: {
      barMs,
      bars: bars.length,
      warmupBars: 0,
      trainEvery: Math.max(1, Math.ceil((settings.training.intervalMinutes * 60_000) / barMs)),
      capital: settings.backtest.initialCapital,
      step: instrument.step,
      provenance,
      codeVersion: facts.codeVersion,
    },
  }
}

/** Begins the run, or begins it again as the newest one. Faults: those of the database. */
export async function openClockRun(options: ClockRunOptions): Promise<ClockRun> {
  const { market, state, ports, wall, onCommitted } = options
  const { clock, log } = ports
  const { journal } = state
  const { bars, provenance, snapshotId } = market.series
  const start = startOf(options)
  const { runId } = start
  await journal.startRun(start)

  const write = async (events: JournalBatch['events'], progress?: JournalBatch['progress']): Promise<void> => {
    const nothing = { decisions: [], orders: [], fills: [], trades: [], equity: [], inputs: [] }
    const seq = await journal.record(runId, { ...nothing, events, progress, provenance })
    if (seq !== undefined) onCommitted(seq)
  }
  const stored = ({ topic, at, body }: RunEventDraft) => ({ topic, at, body: JSON.stringify(body) })
  const told = (
    run: 'running' | 'interrupted' | 'failed',
    fault: { readonly code: string; readonly sentence: string } | null,
  ) => {
    const body = { state: run, bar: bars.length, bars: bars.length, eventHash: null, fault }
    return stored({ topic: 'run', at: clock.now(), body })
  }
  // Nothing is replayed: all bars are there from the beginning.
  await write([told('running', null)], { barsDone: bars.length, hash: snapshotId })

  let last = Promise.resolve()
  return {
    runId,
    bar: bars.length - 1,
    tell(drafts) {
      const written = async () => {
        const events = await drafts()
        if (events.length > 0) await write(events.map(stored))
      }
      last = last.then(written).catch((cause: unknown) => {
        log.write('warn', 'clock.event', 'an event could not be written', { cause: String(cause) })
      })
    },
    async end(ended, fault) {
      await last
      await write([told(ended, fault ?? null)])
      await journal.endRun(runId, { state: ended, endedAt: wall.now(), summary: null })
    },
  }
}
