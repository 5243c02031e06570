// `--html` of the verbs that can write a report, and the command line that a report prints so that anyone can make it again (REP-03).

import type { Command as Commander } from 'commander'
import { type Origin, settingsThatCount } from '../loop/reports/origin.ts'
import { type SavedReport, saveReport } from '../loop/reports/save.ts'
import { type Settings, settingsSchema } from '../loop/settings.ts'
import { utcText } from '../release/utc.ts'
import type { Report, Stamp } from '../report/report.ts'
import type { Session } from './command.ts'

/** True: asked for without a file. */
export type HtmlOption = { readonly html?: string | true }

export const addHtmlOption = (command: Commander): Commander =>
  command.option(
    '--html [file]',
    'write a report: one HTML page, and its JSON beside it (default: the folder of reports)',
  )

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

type Tree = { readonly [key: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `key=value` of each key that is not as it comes, from wherever it was set. */
function changes(settings: Tree, usual: Tree, path = ''): string[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const other = usual[key]
    if (isTree(value) && isTree(other)) return changes(value, other, `${path}${key}.`)
    return JSON.stringify(value) === JSON.stringify(other) ? [] : [`${path}${key}=${JSON.stringify(value)}`]
  })
}

/**
 * A command line that stands on its own: what file and environment set is in it too. Where reports are kept is left out.
 *
 * @example commandLine(['backtest', '--bars', 'my bars.csv'], settings) // "ratchet backtest --bars 'my bars.csv' --html"
 */
export function commandLine(words: readonly string[], settings: Settings): string {
  const sets = changes(settingsThatCount(settings), settingsSchema.parse({})).flatMap(change => ['--set', change])
  return ['ratchet', ...words, ...sets, '--html'].map(quoted).join(' ')
}

export type ReportRequest = {
  readonly html: string | true
  /** The verb and its options, without those of the output. */
  readonly words: readonly string[]
  readonly reportOf: (origin: Origin) => Report
  readonly stamp?: Stamp | undefined
  /** Rows to lie beside the page. */
  readonly csv?: string | undefined
}

export async function writeReport(
  { html, words, reportOf, stamp = [], csv }: ReportRequest,
  { ports, stateDirectory }: Session,
): Promise<SavedReport> {
  const { facts, settings, clock } = ports
  const report = reportOf({ facts, settings, command: commandLine(words, settings) })
  const made = { label: 'Made', text: `${utcText(clock.now()).slice(0, 19)}Z on ${facts.platform}` }
  return saveReport(
    { report, stamp: [...stamp, made], file: html === true ? undefined : html, stateDirectory, csv },
    ports,
  )
}

/** What a result says of the report, where one was written. */
export const reportLines = (saved: SavedReport | undefined): string[] =>
  saved === undefined
    ? []
    : [`report ${saved.html} (JSON ${saved.sha256.slice(0, 12)}${saved.csv === undefined ? '' : ' and CSV'} beside it)`]
