// The picture as the API gives it at one moment: everything up to `lastSeq`, nothing after it, so that the stream can carry on from there.

import type { Answers } from '../../../src/api/schemas/answers.ts'
import type { BarView } from '../../../src/api/schemas/market.ts'
import type { Status } from '../../../src/api/schemas/status.ts'
import type { Path, Query } from '../api/request.ts'
import type { AccountPoint } from './account-series.ts'
import { eventOf } from './flat-event.ts'
import { type ChartBar, LIMITS, type Notice, type Picture } from './picture.ts'

/** What a snapshot is read through; `get` of the API, or a stand-in. */
export type Read = <P extends Path>(path: P, query?: Query) => Promise<Answers[P]>

/** Status first: what the other answers know beyond it comes again as events. */
export async function snapshot(read: Read): Promise<Picture> {
  const status = await read('/api/status')
  const { run } = status
  if (run === null) return pictureOf(status, [], [], [])
  const [bars, equity, alerts] = await Promise.all([
    read('/api/bars', { run: run.runId, limit: LIMITS.bars }),
    read('/api/equity', { run: run.runId, points: LIMITS.account / 2 }),
    read('/api/alerts', { run: run.runId, limit: LIMITS.notices }),
  ])
  const until = run.clock ?? Number.NEGATIVE_INFINITY
  return pictureOf(
    status,
    bars.items.filter(({ index }) => index < run.barsDone).map(undecided),
    equity.at
      .map((at, i) => ({ at, equity: equity.equity[i]!, hold: equity.hold[i]!, previous: equity.previous[i] ?? null }))
      .filter(({ at }) => at <= until),
    alerts.items.map(flat => eventOf(flat) as Notice).filter(({ seq }) => seq <= status.lastSeq),
  )
}

/** A bar before anybody has read what was decided on it. */
export const undecided = (bar: BarView): ChartBar => Object.assign({}, bar, { releaseId: null, decision: null })

const pictureOf = (status: Status, bars: ChartBar[], account: AccountPoint[], notices: readonly Notice[]): Picture => ({
  status,
  lastSeq: status.lastSeq,
  bars,
  revision: 0,
  account,
  fills: [],
  trades: [],
  notices,
  live: status.live,
  lastTraining: status.live?.training ?? null,
})
