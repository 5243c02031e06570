// One question that `doctor` asks about an installation, and its answer.

import type { MachineFacts } from '../base/machine.ts'
import type { Ports } from './ports.ts'

export type Finding = {
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly text: string
  /** What to do about it. */
  readonly fix?: string | undefined
}

export type DoctorLimits = {
  readonly oldestNode: number
  readonly minFreeDiskBytes: number
  readonly minMemoryBytes: number
  /** Days before a calendar's end from which it is a failure (DATA-09). */
  readonly calendarDays: number
}

export type DoctorContext = {
  /** The state directory. */
  readonly directory: string
  /** The directory itself, or what is there of its path. */
  readonly place: string
  readonly machine: MachineFacts
  readonly ports: Ports
  readonly limits: DoctorLimits
}

/** A thrown `Fault` is a failure with its words. */
export type DoctorCheck = (context: DoctorContext) => Finding | Promise<Finding>

export const ok = (text: string): Finding => ({ verdict: 'ok', text })
export const warn = (text: string, fix: string): Finding => ({ verdict: 'warn', text, fix })
export const fail = (text: string, fix?: string): Finding => ({ verdict: 'fail', text, fix })
