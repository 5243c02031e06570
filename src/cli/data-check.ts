// `ratchet data check`: audits everything that is stored (DATA-04).

import type { DataStatus } from '../data/status.ts'
import { markChecked, statusReader } from '../loop/data-status.ts'
import { type FixedGaps, fixGaps } from '../loop/fix-gaps.ts'
import { type Audit, auditMacro, auditSeries, type Finding, storedSeries } from '../loop/stored-series.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { barName, count, example, short } from './lines.ts'

const verdictOf = ({ findings }: Pick<Audit, 'findings'>): 'ok' | 'warn' | 'fail' =>
  findings.some(({ severity }) => severity === 'fail') ? 'fail' : findings.length > 0 ? 'warn' : 'ok'

const findingLine = ({ severity, check, text }: Finding): string => `        ${severity} ${check}: ${text}`

export function auditLines(audit: Audit, status: DataStatus): string[] {
  const { symbol, barMs, rows, snapshotId, findings } = audit
  return [
    `${verdictOf(audit).padEnd(4)}  ${symbol} ${barName(barMs)}, ${count(rows, 'bar')}, snapshot ${short(snapshotId)}, ${status}`,
    ...findings.map(findingLine),
  ]
}

const listed = (dates: readonly string[]): string =>
  `${dates.slice(0, 10).join(', ')}${dates.length > 10 ? ` and ${dates.length - 10} more` : ''}`

export function gapLines({ symbol, barMs, dates, left, unasked }: FixedGaps): string[] {
  const name = `${symbol} ${barName(barMs)}`
  if (dates.length === 0) return [`${name}: no gaps`]
  if (unasked !== null) return [`${name}: gaps on ${count(dates.length, 'day')} stay (${listed(dates)}): ${unasked}`]
  const filled = dates.filter(date => !left.includes(date))
  const rest = left.length === 0 ? '' : `; the vendor lacks bars on ${count(left.length, 'day')} too (${listed(left)})`
  return [`${name}: gaps on ${count(filled.length, 'day')} of ${dates.length} filled from the vendor${rest}`]
}

type CheckOptions = { readonly symbol?: string; readonly fixGaps?: true }

export const dataCheck: Verb = (group, act) => {
  group
    .command('check')
    .description('hash the stored series again and repeat their quality checks')
    .option('--symbol <symbol>', 'of this symbol only')
    .option('--fix-gaps', 'first fetch missing bars of series in use from their vendor; no bar is made up')
    .addHelpText('after', example('data check'))
    .action(
      act(async (session, options: CheckOptions) => {
        const { ports, out, signal } = session
        const state = await session.state()
        const onProgress = (fraction: number, text: string): void => out.progress(fraction, text)
        const fixed =
          options.fixGaps === true ? await fixGaps(options.symbol, { signal, onProgress }, state, ports) : []
        const all = await storedSeries(state, options.symbol)
        const audits: Audit[] = []
        for (const [done, stored] of all.entries()) {
          signal.throwIfAborted()
          out.progress(done / all.length, `checking ${stored.snapshot.symbol} (${done + 1} of ${all.length})`)
          const audit = await auditSeries(stored, state, ports)
          await markChecked(audit.snapshotId, verdictOf(audit) !== 'fail', state, ports)
          audits.push(audit)
        }
        const statuses = await statusReader(state, ports)
        const economic = options.symbol === undefined ? await auditMacro(state) : []
        const failed = [...audits, ...economic].filter(audit => verdictOf(audit) === 'fail').length
        const checked = all.length + economic.length
        const lines = [
          ...fixed.flatMap(gapLines),
          ...audits.flatMap((audit, index) => auditLines(audit, statuses.bars(all[index]!))),
          ...economic.flatMap(audit => [
            `${verdictOf(audit).padEnd(4)}  ${audit.id}, version ${short(audit.hash)}`,
            ...audit.findings.map(findingLine),
          ]),
          checked === 0 ? 'nothing is stored yet' : `${checked} series checked, ${failed} with errors`,
        ]
        if (failed > 0) lines.push('  To do: import or fetch these series again.')
        const series = audits.map((audit, index) => ({
          ...audit,
          verdict: verdictOf(audit),
          status: statuses.bars(all[index]!),
        }))
        out.result({ series, economic, failed, ...(options.fixGaps === true && { gaps: fixed }) }, lines)
        return failed > 0 ? EXIT.refused : EXIT.done
      }),
    )
}
