// A changed configuration for a process that runs: what is safe to change at once is, all of it or nothing, the rest waits for the next start (CFG-08).

import type { Settings } from './settings.ts'

/**
 * Keys whose readers ask each time anew. Limits of risk and of gates are not among them: a run is judged by those it began with, and shows
 * them; a looser one also wants somebody who starts it.
 */
export const RELOADABLE: readonly RegExp[] = [
  /^log\.level$/,
  /^training\.(intervalMinutes|maxModelAgeHours)$/,
  /^cloudSync\.(intervalMinutes|minGapMinutes)$/,
  /^drift\.(psiWarn|psiTrigger|klWarn|klTrigger|minOutcomes|cooldownMinutes)$/,
  /^backup\.(everyHours|keep|verify)$/,
  /^drills\.weekly$/,
  /^report\.keep$/,
]

export type Reload = {
  /** Keys that have another value now. */
  readonly applied: readonly string[]
  /** Keys that need a restart: as before until then. */
  readonly restart: readonly string[]
}

type Tree = { [key: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

type Change = { readonly key: string; readonly apply: () => void }

function changesOf(live: Tree, next: Tree, path = ''): Change[] {
  return Object.entries(next).flatMap(([name, value]) => {
    const old = live[name]
    if (isTree(old) && isTree(value)) return changesOf(old, value, `${path}${name}.`)
    if (JSON.stringify(old) === JSON.stringify(value)) return []
    return [{ key: `${path}${name}`, apply: () => void (live[name] = value) }]
  })
}

/** One sentence of it. */
export const reloadWords = ({ applied, restart }: Reload): string =>
  `changed: ${applied.join(', ') || 'nothing'}${restart.length === 0 ? '' : `; needs restart: ${restart.join(', ')}`}`

/**
 * Changes `live` in place, so that every reader of it sees all changes at once.
 *
 * @param next valid as a whole
 * @param act `check` changes nothing and tells what would be
 * @example reloadSettings(settings, loadConfig(settingsSchema, sources)) // { applied: ['log.level'], restart: [] }
 */
export function reloadSettings(live: Settings, next: Settings, act: 'check' | 'reload' = 'reload'): Reload {
  const changes = changesOf(live, next)
  const reloads = ({ key }: Change): boolean => RELOADABLE.some(pattern => pattern.test(key))
  const now = changes.filter(reloads)
  if (act === 'reload') for (const { apply } of now) apply()
  return {
    applied: now.map(({ key }) => key),
    restart: changes.filter(change => !reloads(change)).map(({ key }) => key),
  }
}
