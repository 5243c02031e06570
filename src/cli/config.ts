// `ratchet config`: what is configured and by whom, whether it is valid, what differs, and the schema of it all (CFG-01, 06, 08).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type ConfigEntry, configEntries } from '../base/config.ts'
import { sha256 } from '../base/hash.ts'
import { settingsSchema } from '../loop/settings.ts'
import type { Session, Verb } from './command.ts'
import { configImport } from './config-import.ts'
import { count, example, table } from './lines.ts'

/** Never part of the configuration: only whether they are set is told (CFG-05). */
const SECRETS = [
  'MANIFEST_HMAC_KEY',
  'MANIFEST_SIGNING_KEY',
  'MANIFEST_MASTER_KEY',
  'MANIFEST_BOT_KEY',
  'POLYGON_API_KEY',
  'FRED_API_KEY',
  'RELEASES_API_KEY',
] as const

const text = (value: unknown): string => JSON.stringify(value)

/** First 16 hex of the SHA-256 of the canonical tree: what decisions and runs are stamped with. */
export const snapshotOf = (entries: readonly ConfigEntry[]): string =>
  sha256(canonicalJson(Object.fromEntries(entries.map(({ key, value }) => [key, value])))).slice(0, 16)

function secretsOf({ ports: { environment } }: Session): Readonly<Record<string, boolean>> {
  const isSet = (name: string): boolean => (environment[name] ?? environment[`${name}_FILE`] ?? '') !== ''
  return Object.fromEntries(SECRETS.map(name => [name, isSet(name)]))
}

const sourcesOf = (entries: readonly ConfigEntry[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { source } of entries) counts[source] = (counts[source] ?? 0) + 1
  return counts
}

const check: Verb = (group, act) => {
  group
    .command('check')
    .description('read the configuration as a start would, and open nothing')
    .addHelpText('after', example('config check'))
    .action(
      act(async session => {
        const entries = configEntries(settingsSchema, session.configuration())
        const sources = sourcesOf(entries)
        const from = Object.entries(sources).map(([source, keys]) => `${count(keys, 'key')} from ${source}`)
        const snapshot = snapshotOf(entries)
        session.out.result({ valid: true, snapshot, sources }, [`valid: ${from.join(', ')}; snapshot ${snapshot}`])
      }),
    )
}

const show: Verb = (group, act) => {
  group
    .command('show')
    .description('list what is set, by whom; secrets only as set or not')
    .option('--defaults', 'also what is as it comes')
    .addHelpText('after', example('config show --defaults'))
    .action(
      act(async (session, { defaults = false }: { readonly defaults?: boolean }) => {
        const all = configEntries(settingsSchema, session.configuration())
        const entries = defaults ? all : all.filter(({ source }) => source !== 'default')
        const secrets = secretsOf(session)
        const rows = entries.map(({ key, value, usual, source }) => [
          key,
          text(value),
          source,
          text(value) === text(usual) ? '' : `default ${text(usual)}`,
        ])
        session.out.result({ snapshot: snapshotOf(all), entries, secrets }, [
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
    .addHelpText('after', example('config schema > ratchet.schema.json'))
    .action(
      act(async ({ out }) => {
        const made = z.toJSONSchema(settingsSchema, { io: 'input' })
        out.result(made, [JSON.stringify(made, null, 2)])
      }),
    )
}

export const config: Verb = (program, act) => {
  const group = program.command('config').description('the configuration: check, show, compare, import')
  for (const verb of [check, show, diff, schema, configImport]) verb(group, act)
}
