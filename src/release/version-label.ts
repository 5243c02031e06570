// The version of a plain manifest: a time with a run number, or a semantic version; ordered as a tuple, never as text (REL-10).

import { accepted, type Outcome, refused } from '../base/fault.ts'

const RUN = /^(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})_(0|[1-9]\d{0,15})$/
const SEMVER = /^v?(0|[1-9]\d{0,15})\.(0|[1-9]\d{0,15})\.(0|[1-9]\d{0,15})$/

type Label = { readonly scheme: 'run' | 'semver'; readonly parts: readonly number[] }

function parse(label: string): Label | undefined {
  const run = RUN.exec(label)?.slice(1).map(Number)
  if (run !== undefined) return isRealTime(run) ? { scheme: 'run', parts: run } : undefined
  const semver = SEMVER.exec(label)?.slice(1).map(Number)
  return semver?.every(Number.isSafeInteger) === true ? { scheme: 'semver', parts: semver } : undefined
}

function isRealTime(parts: readonly number[]): boolean {
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  if (!parts.every(Number.isSafeInteger)) return false
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour && second < 60
}

export const isVersionLabel = (label: string): boolean => parse(label) !== undefined

/**
 * The label of a run.
 *
 * @param run run number, from 0
 * @example versionLabel(Date.UTC(2026, 0, 15, 14, 30), 42) // '20260115_143000_42'
 */
export function versionLabel(ms: number, run: number): string {
  const [day, time] = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T') as [string, string]
  return `${day}_${time}_${run}`
}

/**
 * Negative when `a` is older than `b`, 0 when equal. Two schemes in one channel: `VERSION_SCHEME_CHANGED`.
 *
 * @example compareVersionLabels('v1.9.0', '1.10.0') // { ok: true, value: -1 }
 */
export function compareVersionLabels(a: string, b: string): Outcome<number> {
  const left = parse(a)
  const right = parse(b)
  if (left === undefined || right === undefined) {
    return refused('MANIFEST_SCHEMA', `"${left === undefined ? a : b}" is not a version`)
  }
  if (left.scheme !== right.scheme) {
    return refused('VERSION_SCHEME_CHANGED', `${a} and ${b} count in different schemes`, {
      fix: 'start a new channel, or go on with the scheme the channel began with',
    })
  }
  const at = left.parts.findIndex((part, index) => part !== right.parts[index])
  return accepted(at < 0 ? 0 : Math.sign(left.parts[at]! - right.parts[at]!))
}
