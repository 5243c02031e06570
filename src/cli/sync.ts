// `ratchet sync`: one pass from a release source to the model in charge, or one after the other until it is stopped.

import { Fault } from '../base/fault.ts'
import { syncOnce } from '../loop/sync-once.ts'
import { watchSource } from '../loop/watch-source.ts'
import { isUnreachable } from '../serving/unreachable.ts'
import { minutes } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, utcMoment } from './lines.ts'
import { untilStopped } from './service.ts'
import { passFacts, passLine, syncFacts, syncLines } from './sync-lines.ts'

type SyncOptions = {
  readonly source: string
  readonly symbol?: string
  readonly watch?: boolean
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

export const sync: Verb = (program, act) => {
  program
    .command('sync')
    .description('fetch, verify, gate and install what a release source has')
    .requiredOption('--source <place>', 'published tree (folder or https URL) or release directory')
    .option('--symbol <symbol>', 'accept releases for this symbol only')
    .option('--watch', 'go on polling until stopped, one line per pass')
    .option(
      '--interval <time>',
      'with --watch: time between passes, e.g. 15m (default: cloudSync.intervalMinutes)',
      minutes,
    )
    .addHelpText('after', example('sync --source /mnt/models --watch --interval 15m'))
    .action(
      act(async (session, options: SyncOptions) => {
        if (options.watch === true) return untilStopped(session.signal, watch(session, options))
        if (options.interval !== undefined) {
          throw new Fault('USAGE', '--interval was given without --watch', { place: '--interval', fix: 'add --watch' })
        }
        const { source, symbol } = options
        const { signal, ports, out } = session
        const result = await syncOnce({ source, symbol, signal }, await session.state(), ports)
        out.result(syncFacts(result), syncLines(result))
        if (result.refused.length === 0 || result.installed === 1) return EXIT.done
        return result.refused.every(({ code }) => isUnreachable(code)) ? EXIT.unreachable : EXIT.refused
      }),
    )
}
