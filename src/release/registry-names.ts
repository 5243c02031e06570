// One model of an older registry file, whatever its members are called: PascalCase, camelCase, snake_case and a few other names.

import { Fault } from '../base/fault.ts'
import { MODEL_STATES, type ModelState, type RegistryEntry } from './registry-image.ts'

export type Members = Readonly<Record<string, unknown>>

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const folded = (name: string): string => name.replaceAll(/[_\s-]/g, '').toLowerCase()

/** A member by its name in any spelling. */
export function memberOf(members: Members, name: string): unknown {
  const key = Object.keys(members).find(candidate => folded(candidate) === folded(name))
  return key === undefined ? undefined : members[key]
}

export const withoutMembers = (members: Members, names: readonly string[]): Members => {
  const known = new Set(names.map(folded))
  return Object.fromEntries(Object.entries(members).filter(([name]) => !known.has(folded(name))))
}

/** Field of an entry -> names that older programs gave it, the surest first. */
const NAMES = {
  id: ['id', 'modelId', 'key'],
  name: ['name', 'modelName', 'displayName', 'fileName', 'file'],
  releaseId: ['releaseId', 'release'],
  role: ['role', 'modelType', 'type'],
  version: ['version', 'modelVersion', 'semVer'],
  url: ['url', 'downloadUrl', 'path'],
  sha256: ['sha256', 'checksum', 'hash', 'digest'],
  sizeBytes: ['sizeBytes', 'size', 'fileSize'],
  publishedAt: ['publishedAt', 'createdAt', 'trainedAt', 'timestamp', 'date'],
  state: ['state', 'status'],
  family: ['family'],
  symbol: ['symbol'],
  strategy: ['strategy'],
  regime: ['regime'],
} as const

const STATE_WORDS: Readonly<Record<string, ModelState>> = {
  ...Object.fromEntries(MODEL_STATES.map(state => [folded(state), state])),
  pending: 'available',
  rollback: 'rolledBack',
  deprecated: 'retired',
  rejected: 'blocked',
  live: 'active',
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 4_096

type Given = {
  readonly place: string
  /** Where the entry does not say. */
  readonly state: ModelState
  /** The key that it stands under. */
  readonly id?: string
  readonly sha256?: string
}

/** Fault: `REGISTRY_SCHEMA` for what is no object, or has neither id nor name. */
export function entryOfNames(value: unknown, { place, state, id, sha256 }: Given): RegistryEntry {
  if (!isMembers(value)) throw new Fault('REGISTRY_SCHEMA', 'must be an object', { place })
  const rest = new Map(Object.entries(value))
  const take = <T>(field: keyof typeof NAMES, fits: (found: unknown) => found is T): T | null => {
    for (const name of NAMES[field]) {
      const key = [...rest.keys()].find(candidate => folded(candidate) === folded(name))
      const found = key === undefined ? undefined : rest.get(key)
      if (key === undefined || !fits(found)) continue
      rest.delete(key)
      return found
    }
    return null
  }
  const isDigest = (found: unknown): found is string =>
    typeof found === 'string' && /^(?:sha256:)?[0-9a-fA-F]{64}$/.test(found)
  const isSize = (found: unknown): found is number => Number.isSafeInteger(found) && (found as number) >= 0
  const isState = (found: unknown): found is string =>
    typeof found === 'string' && Object.hasOwn(STATE_WORDS, folded(found))
  const said = take('state', isState)
  const digest = take('sha256', isDigest)
  const texts = (field: keyof typeof NAMES) => take(field, isText)
  const [ownId, ownName, version] = [texts('id'), texts('name'), texts('version')]
  const key = ownId ?? id ?? ownName ?? digest
  if (key === null) throw new Fault('REGISTRY_SCHEMA', 'has neither id nor name nor digest', { place })
  const entry = {
    releaseId: texts('releaseId'),
    id: key,
    name: ownName ?? key,
    role: texts('role'),
    version,
    url: texts('url'),
    sha256: digest?.replace(/^sha256:/, '').toLowerCase() ?? sha256 ?? null,
    sizeBytes: take('sizeBytes', isSize),
    publishedAt: texts('publishedAt'),
    state: said === null ? state : STATE_WORDS[folded(said)]!,
    family: texts('family'),
    symbol: texts('symbol'),
    strategy: texts('strategy'),
    regime: texts('regime'),
    training: null,
  }
  const { metrics, left } = metricsOf(rest)
  const metadataKey = [...left.keys()].find(candidate => folded(candidate) === 'metadata')
  const metadata = metadataKey === undefined ? undefined : left.get(metadataKey)
  if (metadataKey !== undefined && isMembers(metadata)) left.delete(metadataKey)
  // A word that was understood is kept where it was another than ours.
  const word = said !== null && said !== entry.state ? { state: said } : {}
  return {
    ...entry,
    metrics,
    metadata: isMembers(metadata) ? metadata : {},
    extra: { ...Object.fromEntries(left), ...word },
  }
}

/** Numbers among the metrics; what is none stays behind. */
function metricsOf(rest: Map<string, unknown>): { metrics: Record<string, number | null>; left: Map<string, unknown> } {
  const left = new Map(rest)
  const key = [...rest.keys()].find(candidate => folded(candidate) === 'metrics')
  const given = key === undefined ? undefined : rest.get(key)
  if (key === undefined || !isMembers(given)) return { metrics: {}, left }
  const isNumber = ([, value]: readonly [string, unknown]) =>
    value === null || (typeof value === 'number' && Number.isFinite(value))
  const numbers = Object.entries(given).filter(isNumber) as [string, number | null][]
  const others = Object.entries(given).filter(entry => !isNumber(entry))
  if (others.length === 0) left.delete(key)
  else left.set(key, Object.fromEntries(others))
  return { metrics: Object.fromEntries(numbers), left }
}
