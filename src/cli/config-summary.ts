// What a start was configured with, as one line of the log and as the lines of `ratchet config` (CFG-06).

import { type ConfigEntry, configEntries, loadConfig } from '../base/config.ts'
import { settingsSchema } from '../loop/settings.ts'
import { SECRETS, unreadNames } from '../loop/settings-environment.ts'
import { snapshotOf } from '../loop/settings-snapshot.ts'
import type { Session } from './command.ts'
import { count } from './lines.ts'

export type ConfigSummary = {
  readonly mode: 'development' | 'production'
  /** Its name; null where there is none. */
  readonly file: string | null
  /** What decisions and runs are stamped with. */
  readonly snapshot: string
  /** Number of keys by who set them. */
  readonly sources: Readonly<Record<string, number>>
  /** Secrets: whether they are set, never what they are (CFG-05). */
  readonly secrets: Readonly<Record<string, boolean>>
  /** Familiar variables that are set and that nothing here reads. */
  readonly unread: readonly string[]
  readonly entries: readonly ConfigEntry[]
}

/** Faults: those of the configuration. */
export function configSummary({ configuration, ports }: Pick<Session, 'configuration' | 'ports'>): ConfigSummary {
  const given = configuration()
  const settings = loadConfig(settingsSchema, given)
  const entries = configEntries(settingsSchema, given)
  const sources: Record<string, number> = {}
  for (const { source } of entries) sources[source] = (sources[source] ?? 0) + 1
  const { environment } = ports
  const isSet = (name: string): boolean => (environment[name] ?? environment[`${name}_FILE`] ?? '') !== ''
  return {
    mode: settings.mode,
    file: given.file?.name ?? null,
    snapshot: snapshotOf(settings).id,
    sources,
    secrets: Object.fromEntries(SECRETS.map(name => [name, isSet(name)])),
    unread: unreadNames(environment),
    entries,
  }
}

export const sourceWords = ({ sources }: Pick<ConfigSummary, 'sources'>): string =>
  Object.entries(sources)
    .map(([source, keys]) => `${count(keys, 'key')} from ${source}`)
    .join(', ')

/** To be called where something starts that stays. */
export function logConfiguration(session: Pick<Session, 'configuration' | 'ports'>): void {
  const { entries, ...summary } = configSummary(session)
  const own = entries.filter(({ value, usual }) => JSON.stringify(value) !== JSON.stringify(usual))
  const { log } = session.ports
  log.write('info', 'config.summary', `mode ${summary.mode}, snapshot ${summary.snapshot}, ${sourceWords(summary)}`, {
    ...summary,
    values: Object.fromEntries(own.map(({ key, value }) => [key, value])),
  })
  if (summary.unread.length > 0) {
    log.write('warn', 'config.unread', `set, and nothing here reads it: ${summary.unread.join(', ')}`)
  }
}
