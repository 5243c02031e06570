// The loop as six stages, each with what it does now, from the status alone.

import type { Live, Status } from '../../../src/api/schemas/status.ts'
import { percent, whole } from '../base/format.ts'
import { instant, span } from '../base/time.ts'
import { text } from '../texts/text.ts'

const STAGES = ['data', 'train', 'gate', 'release', 'canary', 'feedback'] as const
type StageName = (typeof STAGES)[number]

export type Stage = {
  readonly name: StageName
  /** `off`: not there; said so instead of left out. */
  readonly state: 'active' | 'idle' | 'off'
  readonly now: string
}

export type NextTraining = { readonly barsLeft: number; readonly eta: string | null }

/** When the next slot of training begins; null where none is waited for, and in replays, which count bars. */
export function nextSlot({ run }: Pick<Status, 'run'>, live: Live | null): number | null {
  if (run?.state !== 'running' || live === null || live.training !== null) return null
  return live.state === 'running' ? (live.nextTrainingAt ?? null) : null
}

/** Null while one runs, and where no loop runs. Without a speed there is no honest estimate of time. */
export function nextTraining({ run }: Pick<Status, 'run'>, live: Live | null): NextTraining | null {
  if (run === null || live === null || run.state !== 'running' || live.training !== null) return null
  const barsLeft = live.nextTrainingBar - run.barsDone
  if (barsLeft < 0 || live.nextTrainingBar >= run.bars) return null
  const speed = live.state === 'running' ? live.barsPerSecond : null
  return { barsLeft, eta: speed === null ? null : span((barsLeft / speed) * 1000) }
}

/** @param verdict the last one in words; null before the first */
export function stagesOf(status: Status, live: Live | null, verdict: string | null): readonly Stage[] {
  const { run, counts } = status
  const slot = status.slots[0]
  const runs = run?.state === 'running' && live !== null && live.state !== 'ended'
  const active: Partial<Record<StageName, boolean>> = runs
    ? {
        data: live.phase === 'data' || live.phase === 'waiting',
        train: live.phase === 'training' || live.phase === 'publishing',
        gate: live.phase === 'holding' || live.phase === 'syncing',
      }
    : {}
  const now: Readonly<Record<StageName, string>> = {
    data:
      run === null
        ? text('stage.data.none')
        : text(live?.nextTrainingAt === undefined ? 'stage.data.now' : 'stage.data.stored', {
            done: whole(run.barsDone),
            bars: whole(run.bars),
          }),
    train: trainNow(status, live),
    gate: gateNow(live, counts.refused, verdict),
    release:
      slot?.releaseId == null
        ? text('stage.release.baseline')
        : text('stage.release.now', { label: slot.label ?? slot.releaseId }),
    canary: text('stage.canary.off'),
    feedback: text('stage.feedback.now', { trades: whole(counts.trades), decisions: whole(counts.decisions) }),
  }
  return STAGES.map(name => ({
    name,
    state: name === 'canary' ? 'off' : active[name] === true ? 'active' : 'idle',
    now: now[name],
  }))
}

function trainNow(status: Status, live: Live | null): string {
  if (live?.training != null) {
    const { number, phase, fraction } = live.training
    return text('stage.train.now', { number, phase, share: percent(fraction, 0) })
  }
  if (live?.phase === 'publishing') return text('stage.train.publishing')
  const slot = nextSlot(status, live)
  if (slot !== null) return text('stage.train.at', { time: instant(slot, 'UTC') })
  const next = nextTraining(status, live)
  if (next === null) return text('stage.train.done', { count: status.counts.trainings })
  return text(next.eta === null ? 'stage.train.next' : 'stage.train.nextIn', {
    bars: next.barsLeft,
    eta: next.eta ?? '',
  })
}

function gateNow(live: Live | null, refused: number, verdict: string | null): string {
  if (live?.phase === 'holding') return text('stage.gate.holding')
  if (live?.phase === 'syncing') return text('stage.gate.syncing')
  return verdict ?? text(refused === 0 ? 'stage.gate.none' : 'stage.gate.some', { refused })
}
