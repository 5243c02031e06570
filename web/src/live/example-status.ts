// A status and events of a small run, for tests.

import type { Live, Status } from '../../../src/api/schemas/status.ts'
import type { RunEvent, RunEventBodies, RunTopic } from '../../../src/loop/run-event.ts'
import type { Picture } from './picture.ts'

export const exampleStatus = (change: Partial<Status> = {}): Status => ({
  name: 'ratchet',
  version: '0.1.0',
  mode: 'PAPER',
  banner: [],
  dataNote: '',
  run: {
    runId: 'run-1',
    channel: 'run-1',
    symbol: 'SPX',
    provenance: 'real',
    execution: 'paper',
    state: 'running',
    seed: '42',
    dataHash: 'd'.repeat(64),
    barMs: 86_400_000,
    bars: 100,
    barsDone: 10,
    warmupBars: 5,
    trainEvery: 20,
    capital: 100_000,
    startedAt: 0,
    endedAt: null,
    clock: 10_000,
    eventHash: null,
    figures: null,
    configSnapshot: 'c',
  },
  live: exampleLive(),
  killed: null,
  risk: { state: 'ACTIVE', cause: '' },
  account: {
    equity: 100_000,
    capital: 100_000,
    peak: 101_000,
    drawdown: 0.01,
    hold: 99_000,
    previous: null,
    position: 0,
    openRisk: null,
  },
  slots: [
    {
      slot: 'main',
      releaseId: null,
      label: null,
      digest: null,
      since: null,
      sinceBar: null,
      fitEnd: null,
      issuedAt: null,
      expiresAt: null,
      pin: null,
    },
  ],
  channel: null,
  data: null,
  autoPromote: true,
  loosened: [],
  counts: {
    trainings: 1,
    trainingsFailed: 0,
    trainingsSkipped: 0,
    published: 0,
    installed: 0,
    refused: 0,
    decisions: 4,
    trades: 0,
  },
  lastSeq: 20,
  ...change,
})

export function exampleLive(change: Partial<Live> = {}): Live {
  return {
    runId: 'run-1',
    state: 'running',
    barsPerSecond: 12,
    jumpingTo: null,
    training: null,
    phase: 'data',
    nextTrainingBar: 20,
    ...change,
  }
}

export const examplePicture = (status = exampleStatus()): Picture => ({
  status,
  lastSeq: status.lastSeq,
  bars: [],
  revision: 0,
  account: [],
  fills: [],
  trades: [],
  notices: [],
  live: status.live,
  lastTraining: null,
})

/** An event of the run with the bodies' type of its topic. */
export const exampleEvent = <T extends RunTopic>(
  seq: number,
  topic: T,
  body: RunEventBodies[T],
  runId = 'run-1',
): RunEvent => ({ seq, runId, at: seq * 1000, topic, body }) as unknown as RunEvent

export const exampleBar = (index: number, change: Partial<RunEventBodies['bar']> = {}): RunEventBodies['bar'] => ({
  index,
  time: index,
  knownAt: index,
  open: 1,
  high: 2,
  low: 0.5,
  close: 1.5,
  volume: 7,
  equity: 100_500,
  hold: 99_500,
  previous: null,
  position: 0,
  riskState: 'ACTIVE',
  riskCause: '',
  releaseId: 'baseline',
  decision: {
    seq: index,
    outcome: 'noTrade',
    chosen: null,
    side: null,
    confidence: null,
    regime: 'Range',
    reason: 'NO_CANDIDATE',
  },
  ...change,
})
