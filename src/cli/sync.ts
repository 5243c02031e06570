// `ratchet sync`: one pass from a release source to the model in charge, or one after the other until it is stopped.

import { Fault } from '../base/fault.ts'
import { placeOf } from '../loop/source-place.ts'
import { syncDry } from '../loop/sync-dry.ts'
import { syncOnce } from '../loop/sync-once.ts'
import { watchSource } from '../loop/watch-source.ts'
import { isUnreachable } from '../serving/unreachable.ts'
import { minutes } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, utcMoment } from './lines.ts'
import { untilStopped } from './service.ts'
import { dryLines, passFacts, passLine, syncFacts, syncLines } from './sync-lines.ts'

type SyncOptions = {
  readonly source: string
  readonly symbol?: string
  readonly watch?: boolean
  readonly dryRun?: true
  /** Minutes. */
  readonly interval?: number
}

async function watch(session: Session, { source, symbol, interval }: SyncOptions): Promise<never> {
  const { out, ports, signal } = session
  const { minGapMinutes } = ports.settings.cloudSync
  if (interval !== undefined && (interval < minGapMinutes || interval > 1440)) {
    throw new Fault('USAGE', `an interval from ${minGapMinutes} minutes to a day is expected`, {
      place: '--interval',
      fix: 'give a longer one, or allow shorter ones with --set cloudSync.minGapMinutes=1',
    })
  }
  const request = { source, symbol, signal, intervalMinutes: interval }
  return watchSource(
    {
      ...request,
      onPass: (at, pass) => out.result(passFacts(at, pass), [passLine(at, pass)]),
      onLimited: (at, nextAt) => out.note(`${utcMoment(at)} Rate limiting - skipping sync until ${utcMoment(nextAt)}`),
    },
    await session.state(),
    ports,
  )
}

/** @param codes of what was refused */
function exitOf(codes: readonly string[], installed: boolean): number {
  if (codes.length === 0 || installed) return EXIT.done
  return codes.every(isUnreachable) ? EXIT.unreachable : EXIT.refused
}

export const sync: Verb = (program, act) => {
  program
    .command('sync')
    .description('fetch, verify, gate and install what a release source has')
    .requiredOption(
      '--source <place>',
      'published tree (folder or https URL), release directory, or a name of release.sources',
    )
    .option('--symbol <symbol>', 'accept releases for this symbol only')
    .option('--dry-run', 'fetch, verify and ask the gates; install and remember nothing')
    .option('--watch', 'go on polling until stopped, one line per pass')
    .option(
      '--interval <time>',
      'with --watch: time between passes, e.g. 15m (default: cloudSync.intervalMinutes)',
      minutes,
    )
    .addHelpText('after', example('sync --source /mnt/models --watch --interval 15m'))
    .action(
      act(async (session, options: SyncOptions) => {
        const { signal, ports, out } = session
        const { symbol, dryRun } = options
        const source = placeOf(options.source, ports.settings.release.sources)
        if (dryRun === true) {
          if (options.watch === true) {
            throw new Fault('USAGE', '--dry-run is one pass', { place: '--watch', fix: 'leave one of them out' })
          }
          const found = await syncDry({ source, symbol, signal }, await session.reading(), ports)
          out.result({ dryRun: true, ...found }, dryLines(found))
          return exitOf(
            found.candidates.flatMap(({ would, code }) => (would === 'refuse' ? [code ?? ''] : [])),
            found.candidates.some(({ would }) => would === 'install'),
          )
        }
        if (options.watch === true) return untilStopped(session.signal, watch(session, { ...options, source }))
        if (options.interval !== undefined) {
          throw new Fault('USAGE', '--interval was given without --watch', { place: '--interval', fix: 'add --watch' })
        }
        const result = await syncOnce({ source, symbol, signal }, await session.state(), ports)
        out.result(syncFacts(result), syncLines(result))
        return exitOf(
          result.refused.map(({ code }) => code),
          result.installed === 1,
        )
      }),
    )
}
