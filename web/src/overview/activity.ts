// What happened that people should know, newest first: from the lists of the API, carried on by events, each thing once.

import type { ReleaseView, SlotEventView } from '../../../src/api/schemas/releases.ts'
import type { TrainingView } from '../../../src/api/schemas/trainings.ts'
import type { Route } from '../base/route.ts'
import type { Notice } from '../live/picture.ts'
import { type TextId, text } from '../texts/text.ts'

export type Activity = {
  readonly key: string
  readonly at: number
  readonly tone: 'good' | 'bad' | 'warn' | 'plain'
  readonly title: string
  readonly detail: string
  /** Where more is said. */
  readonly route: Route | null
}

type Past = {
  readonly releases: readonly ReleaseView[]
  readonly trainings: readonly TrainingView[]
  readonly timeline: readonly SlotEventView[]
}

const release = (digest: string | null): Route | null =>
  digest === null ? null : { page: 'models', query: { release: digest } }
const training = (id: string): Route => ({ page: 'training', query: { training: id } })

export function activityOf(notices: readonly Notice[], past: Past, limit: number): readonly Activity[] {
  const found = [
    ...notices.flatMap(notice => ofNotice(notice) ?? []),
    ...past.releases.filter(({ state }) => state === 'refused').map(ofRefused),
    ...past.trainings.filter(({ status }) => status !== 'released').map(ofTraining),
    ...past.timeline.filter(({ event }) => event === 'activated' || event === 'rolledBack').map(ofSlotEvent),
  ]
  const once = new Map(found.toReversed().map(activity => [activity.key, activity] as const))
  return [...once.values()].sort((a, b) => b.at - a.at).slice(0, limit)
}

function ofNotice({ at, seq, ...event }: Notice): Activity | undefined {
  switch (event.topic) {
    case 'judged':
      return event.body.verdict === 'refused' ? ofVerdict(at, seq, event.body) : undefined
    case 'training': {
      const { trainingId, number, state, reason } = event.body
      return state === 'failed' || state === 'skipped' ? ofCycle(at, trainingId, number, state, reason) : undefined
    }
    case 'swap':
      return ofSwap(at, event.body.event, event.body.label, event.body.cause, event.body.to)
    case 'risk': {
      const { state, cause } = event.body
      const warned = state === 'ACTIVE' && cause !== ''
      const tone = state === 'HALTED' ? 'bad' : warned || state === 'REDUCING' ? 'warn' : 'good'
      const title = text(`activity.risk.${warned ? 'WARNED' : state}`)
      return { key: `risk:${seq}`, at, tone, title, detail: cause, route: null }
    }
    case 'control':
      return {
        key: `control:${seq}`,
        at,
        tone: 'plain',
        title: controlWords(event.body.action),
        detail: event.body.detail,
        route: null,
      }
    case 'run': {
      const { fault, state } = event.body
      if (state !== 'failed') return undefined
      return {
        key: `run:${seq}`,
        at,
        tone: 'bad',
        title: text('activity.failed'),
        detail: `${fault?.code ?? ''} ${fault?.sentence ?? ''}`.trim(),
        route: null,
      }
    }
    case 'sync': {
      const { source, state, detail, failures, code } = event.body
      return {
        key: `sync:${seq}`,
        at,
        tone: state === 'failed' ? 'warn' : 'good',
        title: text(`activity.sync.${state}`, { source, failures }),
        detail: code === null ? detail : `${code}: ${detail}`,
        route: null,
      }
    }
    case 'published':
      break
  }
  return undefined
}

const CONTROLS: Readonly<Record<string, TextId>> = {
  pauseEntries: 'activity.control.pauseEntries',
  flatten: 'activity.control.flatten',
  resume: 'activity.control.resume',
  rollback: 'activity.control.rollback',
  promote: 'activity.control.promote',
  pin: 'activity.control.pin',
  unpin: 'activity.control.unpin',
  resumePromotion: 'activity.control.resumePromotion',
  block: 'activity.control.block',
  unblock: 'activity.control.unblock',
  train: 'activity.control.train',
  stopTraining: 'activity.control.stopTraining',
}

function controlWords(action: string): string {
  const known = CONTROLS[action]
  return known === undefined ? text('activity.control', { action }) : text(known)
}

type Verdict = Extract<Notice, { topic: 'judged' }>['body']

function ofVerdict(at: number, seq: number, { drill, digest, label, decidedBy, detail }: Verdict): Activity {
  const by = decidedBy ?? ''
  if (drill)
    return { key: `drill:${seq}`, at, tone: 'plain', title: text('activity.drill', { by }), detail, route: null }
  return {
    key: `refused:${digest}`,
    at,
    tone: 'warn',
    title: text('activity.refused', { label: label ?? '', by }),
    // Who refused stands in the title; the lists of the API leave it out as well.
    detail: detail.startsWith(`${by}: `) ? detail.slice(by.length + 2) : detail,
    route: release(digest),
  }
}

const ofRefused = ({ digest, label, firstSeen, decidedBy, reason }: ReleaseView): Activity => ({
  key: `refused:${digest}`,
  at: firstSeen,
  tone: 'warn',
  title: text('activity.refused', { label, by: decidedBy ?? '' }),
  detail: reason ?? '',
  route: release(digest),
})

const ofTraining = ({ trainingId, number, asOf, status, reason }: TrainingView): Activity =>
  ofCycle(asOf, trainingId, number, status === 'failed' ? 'failed' : 'skipped', reason)

const ofCycle = (
  at: number,
  id: string,
  number: number,
  state: 'failed' | 'skipped',
  reason: string | null,
): Activity => ({
  key: `training:${id}`,
  at,
  tone: state === 'failed' ? 'bad' : 'plain',
  title: text(`activity.training.${state}`, { number }),
  detail: reason ?? '',
  route: training(id),
})

const ofSlotEvent = ({ at, event, to, toLabel, cause }: SlotEventView): Activity =>
  ofSwap(at, event === 'rolledBack' ? 'rolledBack' : 'activated', toLabel, cause, to)

const ofSwap = (
  at: number,
  event: 'activated' | 'rolledBack',
  label: string | null,
  cause: string,
  digest: string | null,
): Activity => ({
  key: `swap:${at}:${label}`,
  at,
  tone: event === 'activated' ? 'good' : 'warn',
  title: text(`activity.${event}`, { label: label ?? text('baseline') }),
  detail: cause,
  route: release(digest),
})
