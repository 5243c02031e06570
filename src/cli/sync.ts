// `ratchet sync`: one pass from a release source to the model in charge.

import { syncOnce } from '../loop/sync-once.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'

type SyncOptions = { readonly source: string; readonly symbol?: string }

/** The source did not answer: try again later. */
const UNREACHABLE = /^(?:SOURCE_|FILE_MISSING$)/

export const sync: Verb = (program, act) => {
  program
    .command('sync')
    .description('fetch, verify, gate and install what a release source has')
    .requiredOption('--source <folder>', 'published tree or release directory')
    .option('--symbol <symbol>', 'accept releases for this symbol only')
    .action(
      act(async ({ ports, out, signal, state }, { source, symbol }: SyncOptions) => {
        const { installed, releaseId, previous, refused, inCharge, upToDate } = await syncOnce(
          { source, symbol, signal },
          await state(),
          ports,
        )
        const lines = refused.map(({ code, file, detail }) => `refused: ${code} ${file ?? ''} ${detail}`)
        if (installed === 1) lines.push(`installed ${releaseId}, before it ${previous ?? 'the baseline'}`)
        if (upToDate) lines.push('up to date')
        out.result(
          {
            installed,
            releaseId,
            previous,
            refused: refused.map(({ code, file, detail }) => ({ code, file, detail })),
            inCharge,
            upToDate,
          },
          [...lines, `in charge: ${inCharge ?? 'the rule-based baseline'}`],
        )
        if (refused.length === 0) return EXIT.done
        return refused.every(({ code }) => UNREACHABLE.test(code)) ? EXIT.unreachable : EXIT.refused
      }),
    )
}
