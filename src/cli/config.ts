// `ratchet config`: what is configured and by whom, whether it is valid, what differs, and the schema of it all (CFG-01, 06, 08).

import { z } from 'zod'
import { type ConfigEntry, configEntries } from '../base/config.ts'
import { settingsSchema } from '../loop/settings.ts'
import type { Verb } from './command.ts'
import { configImport } from './config-import.ts'
import { configurationPage } from './config-page.ts'
import { configSummary, sourceWords } from './config-summary.ts'
import { example, table } from './lines.ts'

const text = (value: unknown): string => JSON.stringify(value)

const check: Verb = (group, act) => {
  group
    .command('check')
    .description('read the configuration as a start would, and open nothing')
    .addHelpText('after', example('config check'))
    .action(
      act(async session => {
        const { entries: _, ...summary } = configSummary(session)
        const { snapshot, mode, unread } = summary
        session.out.result({ valid: true, ...summary }, [
          `valid: ${sourceWords(summary)}; mode ${mode}; snapshot ${snapshot}`,
          ...unread.map(name => `${name} is set, and nothing here reads it`),
        ])
      }),
    )
}

type ShowOptions = { readonly defaults?: true; readonly source?: true }

const show: Verb = (group, act) => {
  group
    .command('show')
    .description('list what is set; secrets only as set or not')
    .option('--defaults', 'also what is as it comes')
    .option('--source', 'with the file, variable or option that set it')
    .addHelpText('after', example('config show --source'))
    .action(
      act(async (session, { defaults, source: named }: ShowOptions) => {
        const { entries: all, snapshot, secrets } = configSummary(session)
        const entries = defaults === true ? all : all.filter(({ source }) => source !== 'default')
        const rows = entries.map(({ key, value, usual, source }) => [
          key,
          text(value),
          ...(named === true ? [source] : []),
          text(value) === text(usual) ? '' : `default ${text(usual)}`,
        ])
        session.out.result({ snapshot, entries, secrets }, [
          ...(rows.length === 0 ? ['every key is as it comes; list them with --defaults'] : table(rows)),
          ...table(Object.entries(secrets).map(([name, isSet]) => [name, isSet ? 'set' : 'not set'])),
        ])
      }),
    )
}

const diff: Verb = (group, act) => {
  group
    .command('diff')
    .description('list the keys in which two configuration files differ')
    .argument('<a>', 'a file')
    .argument('<b>', 'another one')
    .addHelpText('after', example('config diff ratchet.json new.json'))
    .action(
      act(async ({ ports, out }, ...[a, b]: readonly [string, string]) => {
        const entriesOf = async (name: string): Promise<readonly ConfigEntry[]> => {
          const bytes = await ports.disk.read(name, 1 << 20)
          const file = { name, text: new TextDecoder().decode(bytes) }
          return configEntries(settingsSchema, { file, env: {}, sets: [] })
        }
        const [one, other] = [await entriesOf(a), await entriesOf(b)]
        const changes = one.flatMap(({ key, value }, i) => {
          const second = other[i]!.value
          return text(value) === text(second) ? [] : [{ key, a: value, b: second }]
        })
        out.result(
          { changes },
          changes.length === 0
            ? ['both mean the same']
            : table(changes.map(change => [change.key, text(change.a), '->', text(change.b)])),
        )
      }),
    )
}

const schema: Verb = (group, act) => {
  group
    .command('schema')
    .description('print the JSON Schema of the configuration file')
    .option('--page', 'the reference page of all keys instead, as Markdown')
    .addHelpText('after', example('config schema > ratchet.schema.json'))
    .action(
      act(async ({ out }, { page }: { readonly page?: true }) => {
        if (page === true) {
          const text = configurationPage()
          out.result({ page: text }, text.trimEnd().split('\n'))
          return
        }
        const made = z.toJSONSchema(settingsSchema, { io: 'input' })
        out.result(made, [JSON.stringify(made, null, 2)])
      }),
    )
}

export const config: Verb = (program, act) => {
  const group = program.command('config').description('the configuration: check, show, compare, import')
  for (const verb of [check, show, diff, schema, configImport]) verb(group, act)
}
