// Registry files of older programs, read as the image of today (REL-56). Nothing that they say is lost: what has no field of its own
// goes to `extra`.

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { parseModelFileName } from './model-name.ts'
import { asRegistryImage, type ModelState, type RegistryEntry, type RegistryImage } from './registry-image.ts'
import { entryOfNames, isMembers, type Members, memberOf, withoutMembers } from './registry-names.ts'

/** `lists`: `{Version, Available, Installed, Active}`; `models`: `{LastUpdated, Models, TotalModels}`; `version`: one model with its metrics. */
export type RegistryShape = 'image' | 'lists' | 'models' | 'version' | 'digests' | 'names'

const DIGEST = /^[0-9a-fA-F]{64}$/

/** Which shape a file has; undefined for none. */
export function shapeOf(file: Members): RegistryShape | undefined {
  const has = (name: string) => memberOf(file, name) !== undefined
  if (file['schema'] === 'ratchet.registry/3') return 'image'
  if (has('available') && has('installed')) return 'lists'
  if (has('models') && (has('lastUpdated') || has('totalModels'))) return 'models'
  if (Array.isArray(memberOf(file, 'files'))) return 'names'
  const keys = Object.keys(file)
  if (keys.length > 0 && keys.every(key => DIGEST.test(key))) return 'digests'
  return has('version') && has('metrics') ? 'version' : undefined
}

const empty = (updatedAt: string): RegistryImage => ({
  schema: 'ratchet.registry/3',
  updatedAt,
  channel: 'stable',
  active: {},
  previous: {},
  pinned: [],
  blocked: [],
  available: [],
  installed: [],
  config: {},
  extra: {},
})

/** When the file says it was written; else now. */
const timeOf = (file: Members, now: string): string => {
  const value = memberOf(file, 'lastUpdated')
  return typeof value === 'string' ? value : now
}

/** A list, or an object whose keys are ids. */
function entriesOf(value: unknown, place: string, state: ModelState): RegistryEntry[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map((item, at) => entryOfNames(item, { place: `${place}[${at}]`, state }))
  if (!isMembers(value)) throw new Fault('REGISTRY_SCHEMA', 'must be a list or an object', { place })
  return Object.entries(value).map(([id, item]) => entryOfNames(item, { place: `${place}.${id}`, state, id }))
}

const waiting = ({ state }: RegistryEntry) => state === 'available' || state === 'staged' || state === 'blocked'

/** Entries by whether they were ever taken in; those that are active name what is in charge. */
function sorted(
  entries: readonly RegistryEntry[],
): Pick<RegistryImage, 'available' | 'installed' | 'active' | 'previous'> {
  const slots = (state: ModelState) =>
    Object.fromEntries(
      entries.filter(entry => entry.state === state).map(entry => [entry.role ?? 'main', entry.releaseId ?? entry.id]),
    )
  return {
    available: entries.filter(waiting),
    installed: entries.filter(entry => !waiting(entry)),
    active: slots('active'),
    previous: slots('previous'),
  }
}

function fromLists(file: Members, now: string): RegistryImage {
  const active = memberOf(file, 'active')
  const named = typeof active === 'string' ? { main: active } : isMembers(active) ? active : {}
  const slots = Object.entries(named).flatMap(([slot, id]) => (typeof id === 'string' ? [[slot, id] as const] : []))
  const inCharge = new Set(slots.map(([, id]) => id))
  const charged = (entry: RegistryEntry): RegistryEntry =>
    inCharge.has(entry.id) || (entry.releaseId !== null && inCharge.has(entry.releaseId))
      ? { ...entry, state: 'active' }
      : entry
  return {
    ...empty(timeOf(file, now)),
    available: entriesOf(memberOf(file, 'available'), 'Available', 'available'),
    installed: entriesOf(memberOf(file, 'installed'), 'Installed', 'installed').map(charged),
    active: Object.fromEntries(slots),
    extra: withoutMembers(file, ['version', 'available', 'installed', 'active', 'lastUpdated']),
  }
}

function fromModels(file: Members, now: string): RegistryImage {
  const entries = entriesOf(memberOf(file, 'models'), 'Models', 'installed')
  return {
    ...empty(timeOf(file, now)),
    ...sorted(entries),
    extra: withoutMembers(file, ['models', 'lastUpdated', 'totalModels']),
  }
}

function fromVersion(file: Members, now: string): RegistryImage {
  const entry = entryOfNames(file, { place: 'the document', state: 'available' })
  return { ...empty(entry.publishedAt ?? now), ...sorted([entry]) }
}

function fromDigests(file: Members, now: string): RegistryImage {
  const entries = Object.entries(file).map(([digest, item]) =>
    entryOfNames(item, { place: digest, state: 'available', id: digest, sha256: digest.toLowerCase() }),
  )
  return { ...empty(now), ...sorted(entries) }
}

function fromNames(file: Members, now: string): RegistryImage {
  const names = memberOf(file, 'files') as readonly unknown[]
  const available = names.map((name, at) => {
    const parts = typeof name === 'string' ? parseModelFileName(name) : undefined
    if (parts === undefined) {
      throw new Fault('REGISTRY_SCHEMA', 'is no name like family.symbol.strategy.regime.v1.2.3+0123abcd.onnx', {
        place: `files[${at}]`,
      })
    }
    const { semVer, sha8, ...rest } = parts
    // Eight digits are no identity: they are kept as what they are.
    return entryOfNames(
      { ...rest, id: name, name, version: semVer, sha8 },
      { place: `files[${at}]`, state: 'available' },
    )
  })
  return { ...empty(now), available, extra: withoutMembers(file, ['files']) }
}

/**
 * The image that an older file comes to; an image stays what it is. Refusals: `REGISTRY_SHAPE` for a file of no known shape,
 * `REGISTRY_SCHEMA` naming the entry.
 *
 * @param file plain values, as of `readRegistryFile`
 * @param now RFC 3339, for a file that does not say when it was written
 */
export function migrated(file: Members, place: string, now: string): Outcome<RegistryImage> {
  const shape = shapeOf(file)
  if (shape === 'image') return asRegistryImage(file, place)
  if (shape === undefined) {
    return refused('REGISTRY_SHAPE', 'is no registry file of a known shape', {
      place,
      fix: 'give a file with Available and Installed, with Models, with one version and its metrics, with digests as keys, or with files',
    })
  }
  try {
    return accepted(READERS[shape](file, now))
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return refused(cause.code, cause.message, { place: `${place} ${cause.place ?? ''}`.trim(), cause })
  }
}

const READERS = { lists: fromLists, models: fromModels, version: fromVersion, digests: fromDigests, names: fromNames }
