// `ratchet data check`: audits everything that is stored (DATA-04).

import type { DataStatus } from '../data/status.ts'
import { markChecked, statusReader } from '../loop/data-status.ts'
import { type Audit, auditSeries, storedSeries } from '../loop/stored-series.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { barName, count, example, short } from './lines.ts'

const verdictOf = ({ findings }: Audit): 'ok' | 'warn' | 'fail' =>
  findings.some(({ severity }) => severity === 'fail') ? 'fail' : findings.length > 0 ? 'warn' : 'ok'

export function auditLines(audit: Audit, status: DataStatus): string[] {
  const { symbol, barMs, rows, snapshotId, findings } = audit
  return [
    `${verdictOf(audit).padEnd(4)}  ${symbol} ${barName(barMs)}, ${count(rows, 'bar')}, snapshot ${short(snapshotId)}, ${status}`,
    ...findings.map(({ severity, check, text }) => `        ${severity} ${check}: ${text}`),
  ]
}

export const dataCheck: Verb = (group, act) => {
  group
    .command('check')
    .description('hash the stored series again and repeat their quality checks')
    .option('--symbol <symbol>', 'of this symbol only')
    .addHelpText('after', example('data check'))
    .action(
      act(async (session, options: { readonly symbol?: string }) => {
        const { ports, out, signal } = session
        const state = await session.state()
        const all = await storedSeries(state, options.symbol)
        const audits: Audit[] = []
        for (const [done, stored] of all.entries()) {
          signal.throwIfAborted()
          out.progress(done / all.length, `checking ${stored.snapshot.symbol} (${done + 1} of ${all.length})`)
          const audit = await auditSeries(stored, state, ports.clock)
          await markChecked(audit.snapshotId, verdictOf(audit) !== 'fail', state, ports)
          audits.push(audit)
        }
        const statuses = await statusReader(state, ports)
        const failed = audits.filter(audit => verdictOf(audit) === 'fail').length
        const lines = [
          ...audits.flatMap((audit, index) => auditLines(audit, statuses.bars(all[index]!))),
          all.length === 0 ? 'nothing is stored yet' : `${all.length} series checked, ${failed} with errors`,
        ]
        if (failed > 0) lines.push('  To do: import the files of these series again.')
        const series = audits.map((audit, index) => ({
          ...audit,
          verdict: verdictOf(audit),
          status: statuses.bars(all[index]!),
        }))
        out.result({ series, failed }, lines)
        return failed > 0 ? EXIT.refused : EXIT.done
      }),
    )
}
