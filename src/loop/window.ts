// What the thread that serves a state directory is told at its start: plain data, because nothing else travels to a thread.

import type { Settings } from './settings.ts'

export type WindowData = {
  readonly stateDirectory: string
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** A busy port is passed over for the next free one (INST-04). */
  readonly development: boolean
  /** Folder of the built dashboard. */
  readonly dashboard: string
  readonly version: string
  /** Name of the kill file. */
  readonly killFile: string
  readonly health: Settings['health']
  /** Folder of the backups. */
  readonly backups: string
  readonly log: Settings['log'] & { readonly terminal: boolean }
  /** What a person must have read; undefined where nobody knows better than the records. */
  readonly banner?: readonly string[] | undefined
  readonly dataNote?: string | undefined
}
