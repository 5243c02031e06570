// `ratchet keys accept-hwm`: a new beginning where the high-water mark is lost and nothing tells how far this bot had come (REL-18).

import { acceptHighWater } from '../loop/accept-high-water.ts'
import type { Verb } from './command.ts'
import { example } from './lines.ts'

export const keysAcceptHwm: Verb = (group, act) => {
  group
    .command('accept-hwm')
    .description(
      'after HWM_LOST: accept what a source publishes now, or whatever comes first, as the newest release seen',
    )
    .option('--source <place>', 'published tree or release directory whose release is the newest')
    .addHelpText('after', example('keys accept-hwm --source /mnt/models'))
    .action(
      act(async (session, { source }: { readonly source?: string }) => {
        const { ports, out, signal } = session
        const request = { source, signal, agreed: session.confirm }
        const mark = await acceptHighWater(request, await session.state(), ports)
        const { channel, epoch, version } = mark
        out.result(mark, [
          version === 0
            ? `channel ${channel}: the next valid release of epoch ${epoch} is accepted, whatever its version`
            : `channel ${channel}: version ${version} of epoch ${epoch} is the newest; older ones are refused`,
        ])
      }),
    )
}
