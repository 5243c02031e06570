// `ratchet keys derive`: the key of one bot, into a file for it.

import { deriveBotKey } from '../loop/bot-keys.ts'
import { wholeNumber } from './arguments.ts'
import type { Verb } from './command.ts'
import { keyFacts } from './keys-list.ts'
import { example } from './lines.ts'

type DeriveOptions = { readonly bot: string; readonly generation?: number; readonly out: string }

export const keysDerive: Verb = (group, act) => {
  group
    .command('derive')
    .description('write the MAC key of one bot into a file; releases are signed for that bot from now on')
    .requiredOption('--bot <id>', 'name of the bot')
    .requiredOption('--out <file>', 'file for the bot (MANIFEST_BOT_KEY_FILE there); never printed')
    .option('--generation <n>', 'which of its keys (default: the newest)', wholeNumber(1))
    .addHelpText('after', example('keys derive --bot bot-1 --out bot-1.key'))
    .action(
      act(async ({ ports, out, stateDirectory }, options: DeriveOptions) => {
        const entry = await deriveBotKey(options, stateDirectory, ports)
        out.result({ ...keyFacts(entry), file: options.out }, [
          `${entry.keyid} is in ${options.out}: bring it to the bot and delete it here`,
        ])
      }),
    )
}
