// What a loop by the clock did, one JSON object or one line for each event.

import type { ClockEvent } from '../loop/clock-event.ts'
import { trainingEvent } from '../loop/clock-training-events.ts'
import { utcText } from '../release/utc.ts'
import { utcMoment } from './lines.ts'
import { passFacts, passLine } from './sync-lines.ts'

/** Why a slot has no release. */
function reasonOf(event: ClockEvent): string | null {
  const draft = trainingEvent(event, { number: 0, bar: 0, label: null })
  return draft?.topic === 'training' ? draft.body.reason : null
}

export function clockFacts(event: ClockEvent): object {
  const { type } = event
  const at = utcText(event.at)
  switch (event.type) {
    case 'trainingStarted':
      return { type, at, slot: event.slot }
    case 'trainingEnded': {
      const { slot, row } = event
      const { status, effectiveRows, durationMs, release } = row
      const facts = { status, reason: reasonOf(event), effectiveRows, durationMs }
      return { type, at, slot, ...facts, releaseId: release?.releaseId ?? null, version: release?.version ?? null }
    }
    case 'published': {
      const { slot, releaseId, label, version, digest, place } = event
      return { type, at, slot, releaseId, label, version, manifestSha256: digest, place }
    }
    case 'signedOn':
      return { type, at, releaseId: event.releaseId, expiresAt: event.expiresAt }
    case 'slotFailed':
      return { type, at, slot: event.slot, error: event.fault.toJSON() }
    case 'driftFound': {
      const { model, severity, detector, sentence } = event
      return { type, at, model, severity, detector, sentence }
    }
    case 'modelAged':
      return { type, at, releasedAt: utcText(event.releasedAt), maxHours: event.maxHours }
    case 'synced':
      return { type, source: event.source, ...passFacts(event.at, event.pass) }
    case 'syncLimited':
      break
  }
  return { type, at, source: event.source, nextAt: utcText(event.nextAt) }
}

export function clockLine(event: ClockEvent): string {
  const at = utcMoment(event.at)
  switch (event.type) {
    case 'trainingStarted':
      return `${at} slot ${event.slot}: training`
    case 'trainingEnded': {
      const { status, effectiveRows, durationMs } = event.row
      if (status !== 'released') return `${at} slot ${event.slot}: ${reasonOf(event)}`
      const seconds = ((durationMs ?? 0) / 1000).toFixed(1)
      return `${at} slot ${event.slot}: trained on ${effectiveRows?.toFixed(0)} effective rows in ${seconds} s`
    }
    case 'published':
      return `${at} published ${event.releaseId} (${event.label}) to ${event.place}`
    case 'signedOn':
      return `${at} nothing new: ${event.releaseId} is signed on for until ${event.expiresAt}`
    case 'slotFailed':
      return `${at} slot ${event.slot} failed: ${event.fault.code} ${event.fault.message}`
    case 'driftFound':
      return `${at} drift of ${event.model}, ${event.severity}: ${event.sentence}`
    case 'modelAged':
      return `${at} the newest release, of ${utcMoment(event.releasedAt)}, is older than ${event.maxHours} hours`
    case 'synced':
      return `${passLine(event.at, event.pass)} (${event.source})`
    case 'syncLimited':
      break
  }
  return `${at} Rate limiting - skipping sync until ${utcMoment(event.nextAt)} (${event.source})`
}
