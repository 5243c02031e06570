// `ratchet data block` and `unblock`: a source that nothing may be trained on, and why (DATA-07).

import { Argument } from 'commander'
import { SOURCES, setBlock } from '../loop/data-status.ts'
import type { DataSource } from '../market/bar.ts'
import type { Verb } from './command.ts'
import { example, utcMoment } from './lines.ts'

const verb =
  (name: 'block' | 'unblock', description: string, effect: string): Verb =>
  (group, act) => {
    group
      .command(name)
      .description(description)
      .addArgument(new Argument('<source>', 'where the data comes from').choices(SOURCES))
      .requiredOption('--reason <text>', 'why; it is recorded')
      .addHelpText('after', example(`data ${name} polygon --reason "wrong prices on 3 May"`))
      .action(
        act(async (session, source: DataSource, { reason }: { readonly reason: string }) => {
          const mark = await setBlock(source, `${name}ed`, reason, await session.state(), session.ports)
          session.out.result({ source, ...mark }, [`${source}: ${effect} (${utcMoment(mark.at)}, ${mark.reason})`])
        }),
      )
  }

export const dataBlock = verb('block', 'keep a source out of every training', 'blocked, nothing is trained on it')
export const dataUnblock = verb('unblock', 'let a source be trained on again', 'may be trained on again')
