// Carries the picture on: events in order, each once. A gap or another run is said, never guessed over.

import type { Live, Status } from '../../../src/api/schemas/status.ts'
import type { RunEvent, RunEventBodies } from '../../../src/loop/run-event.ts'
import { addPoint } from './account-series.ts'
import { type ChartBar, LIMITS, type Notice, type Picture } from './picture.ts'

/** `gap`: events are missing; `otherRun`: a run began that this picture is not of. Both want a new snapshot. */
export type Applied = { readonly picture: Picture; readonly ended: 'ok' | 'gap' | 'otherRun' }

/** Applies what is new, up to the first event that does not fit. What was seen already changes nothing. */
export function applyEvents(picture: Picture, events: readonly RunEvent[]): Applied {
  let next = picture
  for (const event of events) {
    if (event.seq <= next.lastSeq) continue
    if (event.seq !== next.lastSeq + 1) return { picture: next, ended: 'gap' }
    if (event.runId !== next.status.run?.runId) return { picture: next, ended: 'otherRun' }
    next = { ...applyOne(next, event), lastSeq: event.seq }
  }
  return { picture: next, ended: 'ok' }
}

/** What is true only now; of another run it is left out until that run's snapshot is here. */
export const withLive = (picture: Picture, live: Live): Picture =>
  live.runId === picture.status.run?.runId
    ? { ...picture, live, lastTraining: seenTraining(live) ?? picture.lastTraining }
    : picture

/** One that has something to show. */
const seenTraining = ({ training }: Live): Live['training'] =>
  training !== null && training.points.length > 0 ? training : null

/** A newer status of the same run replaces the old one. An older one still knows more than events say: who is in charge, and the kill switch. */
export function withStatus(picture: Picture, status: Status): Picture {
  if (status.run?.runId !== picture.status.run?.runId) return picture
  if (status.lastSeq >= picture.lastSeq) return { ...picture, status, live: status.live }
  const known = new Map(status.slots.map(slot => [slot.digest, slot]))
  const slots = picture.status.slots.map(slot => known.get(slot.digest) ?? slot)
  const { risk } = picture.status
  const told: Status = { ...picture.status, slots, killed: status.killed }
  return { ...picture, status: risk === null ? { ...told, mode: status.mode } : onRisk(told, risk.state, risk.cause) }
}

function applyOne(picture: Picture, event: RunEvent): Picture {
  switch (event.topic) {
    case 'bar':
      return onBar(picture, event.body, event.at)
    case 'fill':
      return { ...picture, fills: appended(picture.fills, event, LIMITS.fills) }
    case 'trade':
      return {
        ...picture,
        trades: appended(picture.trades, event, LIMITS.trades),
        status: counted(picture.status, { trades: 1 }),
      }
    case 'training':
      return noticed(picture, event, onTraining(picture.status, event.body))
    case 'published':
      return noticed(picture, event, {
        ...counted(picture.status, { published: 1 }),
        channel: { signedAt: event.at, ageMs: 0 },
      })
    case 'judged':
      return noticed(picture, event, onVerdict(picture.status, event.body))
    case 'swap':
      return noticed(picture, event, onSwap(picture, event.body, event.at))
    case 'risk':
      return noticed(picture, event, onRisk(picture.status, event.body.state, event.body.cause))
    case 'run':
      return noticed(picture, event, onRun(picture.status, event.body))
    case 'control':
    case 'sync':
      break
  }
  return noticed(picture, event, picture.status)
}

const appended = <T>(list: readonly T[], item: T, cap: number): readonly T[] => [
  ...(list.length >= cap ? list.slice(list.length - cap + 1) : list),
  item,
]

const noticed = (picture: Picture, notice: Notice, status: Status): Picture => ({
  ...picture,
  status,
  notices: [notice, ...picture.notices.slice(0, LIMITS.notices - 1)],
})

function onBar(picture: Picture, body: RunEventBodies['bar'], at: number): Picture {
  const { bars, status } = picture
  const { equity, hold, previous, position, riskState, riskCause, decision, index } = body
  if (index > (bars.at(-1)?.index ?? -1)) bars.push(chartBarOf(body))
  // A tenth at once, so that a long run does not shift the whole array at every bar.
  if (bars.length > LIMITS.bars * 1.1) bars.splice(0, bars.length - LIMITS.bars)
  addPoint(picture.account, { at, equity, hold, previous }, LIMITS.account)
  const peak = Math.max(status.account?.peak ?? equity, equity)
  const capital = status.account?.capital ?? status.run?.capital ?? equity
  const openRisk = position === 0 ? null : (status.account?.openRisk ?? null)
  return {
    ...picture,
    revision: picture.revision + 1,
    status: onRisk(
      {
        ...counted(status, { decisions: decision === null ? 0 : 1 }),
        account: {
          equity,
          capital,
          peak,
          drawdown: peak > 0 ? 1 - equity / peak : 0,
          hold,
          previous,
          position,
          openRisk,
        },
        run: status.run === null ? null : { ...status.run, barsDone: index + 1, clock: at },
      },
      riskState,
      riskCause,
    ),
  }
}

const chartBarOf = ({
  index,
  time,
  knownAt,
  open,
  high,
  low,
  close,
  volume,
  ...body
}: RunEventBodies['bar']): ChartBar => ({
  index,
  time,
  knownAt,
  open,
  high,
  low,
  close,
  volume,
  releaseId: body.releaseId,
  decision: body.decision,
})

function counted(status: Status, more: Partial<Status['counts']>): Status {
  const counts = { ...status.counts }
  for (const key of Object.keys(more) as (keyof typeof more)[]) counts[key] += more[key] ?? 0
  return { ...status, counts }
}

function onTraining(status: Status, { state }: RunEventBodies['training']): Status {
  switch (state) {
    case 'started':
      return counted(status, { trainings: 1 })
    case 'failed':
      return counted(status, { trainingsFailed: 1 })
    case 'skipped':
      return counted(status, { trainingsSkipped: 1 })
    case 'released':
      break
  }
  return status
}

function onVerdict(status: Status, { drill, verdict }: RunEventBodies['judged']): Status {
  if (drill || (verdict !== 'installed' && verdict !== 'refused')) return status
  return counted(status, verdict === 'installed' ? { installed: 1 } : { refused: 1 })
}

/** What the event does not say (age, expiry) comes with the next status; the id was in the verdict before it. */
function onSwap({ status, notices }: Picture, { to, label, bar }: RunEventBodies['swap'], at: number): Status {
  const verdict = notices.find(notice => notice.topic === 'judged' && notice.body.digest === to)
  const releaseId = (verdict?.topic === 'judged' ? verdict.body.releaseId : null) ?? to
  const [, ...others] = status.slots
  const slot = { slot: status.slots[0]?.slot ?? 'main', releaseId, label, digest: to }
  const pin = status.slots[0]?.pin ?? null
  return {
    ...status,
    slots: [{ ...slot, since: at, sinceBar: bar, fitEnd: null, issuedAt: null, expiresAt: null, pin }, ...others],
  }
}

function onRisk(status: Status, state: RunEventBodies['risk']['state'], cause: string): Status {
  const killed = status.killed?.scopes.some(scope => scope !== 'models' && scope !== 'publish') === true
  const halted = state === 'HALTED' || killed
  const mode = halted ? 'HALTED' : status.mode === 'HALTED' ? 'PAPER' : status.mode
  return { ...status, mode, risk: { state, cause } }
}

function onRun(status: Status, { state, eventHash, figures = null }: RunEventBodies['run']): Status {
  if (status.run === null) return status
  const ended = state === 'finished' || state === 'failed' || state === 'interrupted'
  return { ...status, run: { ...status.run, state: ended ? state : 'running', eventHash, figures } }
}
