// The registry and the performance store as files that people and other tools read, rewritten whole after each commit (REL-55, REL-57).
// The database is the truth: a file that cannot be written is told of and written again at the next commit.

import { canonicalJson } from '../base/canonical-json.ts'
import type { Clock } from '../base/clock.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { unwrap } from '../base/fault.ts'
import type { Log } from '../base/log.ts'
import { readManifest } from '../release/manifest.ts'
import { modelFileName } from '../release/model-name.ts'
import { type PerformanceEntry, performanceStoreBytes, withEntries } from '../release/performance-store.ts'
import {
  type ModelState,
  type RegistryEntry,
  type RegistryImage,
  registryImageBytes,
} from '../release/registry-image.ts'
import { utcText } from '../release/utc.ts'
import { readEvaluation } from '../serving/evidence.ts'
import { faultOf } from '../serving/installation.ts'
import { pinOf } from '../serving/pins.ts'
import type { Registry, ReleaseRow, ReleaseState } from '../serving/registry.ts'
import { SLOT } from './model-catalogue.ts'
import type { Ports } from './ports.ts'
import { evaluatedPerformance } from './release-performance.ts'

export type RegistryFilesOptions = {
  readonly directory: string
  readonly disk: Disk
  readonly clock: Clock
  readonly log: Log
  readonly channel: string
  /** Below the directory. */
  readonly registryFile: string
  readonly performanceStore: string
}

/** The options as the configuration has them. */
export function registryFilesOf(
  directory: string,
  { disk, log, settings }: Pick<Ports, 'disk' | 'log' | 'settings'>,
  clock: Clock,
): RegistryFilesOptions {
  const { registryFile, performance } = settings.cloudTrainer
  const { performanceStore } = performance
  return { directory, disk, clock, log, channel: settings.release.channel, registryFile, performanceStore }
}

const STATES: Readonly<Record<ReleaseState, ModelState>> = {
  waiting: 'staged',
  installed: 'installed',
  active: 'active',
  previous: 'previous',
  retired: 'retired',
  refused: 'blocked',
  quarantined: 'quarantined',
}

/** What does not change about a release once it is known. */
type Known = {
  readonly entries: readonly Omit<RegistryEntry, 'state'>[]
  readonly performance: readonly PerformanceEntry[]
}

/** Models of one symbol serve all strategies and regimes. */
const EVERY = 'all'

async function knownOf(row: ReleaseRow, registry: Registry): Promise<Known | undefined> {
  const texts = await registry.documents(row.digest)
  if (texts === undefined) return undefined
  const bytes = (text: string) => new TextEncoder().encode(text)
  const manifest = unwrap(readManifest(bytes(texts.manifest)))
  const evaluation = unwrap(readEvaluation({ members: new Map([['evaluation.json', bytes(texts.evaluation)]]) }))
  const performance = evaluatedPerformance(row.releaseId, evaluation, Date.parse(manifest.issuedAt))
  const [from, to] = evaluation.windows.fit
  const label = { family: 'ratchet', symbol: evaluation.symbol, strategy: EVERY, regime: EVERY }
  const entries = manifest.members.flatMap(({ role, name, sha256, size }) => {
    const judged = role === undefined ? undefined : evaluation.roles[role]
    if (role === undefined || judged === undefined) return []
    const metrics = Object.entries(judged.holdout).map(([metric, { value }]) => [metric, value] as const)
    return [
      {
        ...label,
        releaseId: row.releaseId,
        id: `${row.releaseId}/${role}`,
        name: modelFileName({ ...label, semVer: `0.${row.version}.0`, sha256 }),
        role,
        version: row.label,
        url: null,
        sha256,
        sizeBytes: size,
        publishedAt: manifest.issuedAt,
        training: { start: utcText(from), end: utcText(to), rows: evaluation.rows.fit, dataSha256: null },
        metrics: Object.fromEntries(metrics),
        metadata: {
          member: name,
          manifestSha256: row.digest,
          channel: row.channel,
          lineageSha256: manifest.lineageSha256,
        },
        extra: {},
      },
    ]
  })
  return { entries, performance }
}

/**
 * The same registry, with the two files rewritten before a change is told as done. A file that fails never fails the
 * change, which the database holds by then.
 *
 * @example const registry = imagedRegistry(state.registry, registryFilesOf(state.directory, ports, ports.clock))
 */
export function imagedRegistry<T extends Registry>(registry: T, options: RegistryFilesOptions): T {
  const { directory, disk, clock, log, channel, registryFile, performanceStore } = options
  const known = new Map<string, Known>()
  let turn: Promise<void> = Promise.resolve()
  let stored = ''

  async function write(): Promise<void> {
    const rows = await registry.releases()
    const entries: RegistryEntry[] = []
    let performance: readonly PerformanceEntry[] = []
    for (const row of rows) {
      const found = known.get(row.digest) ?? (await knownOf(row, registry))
      if (found === undefined) continue
      known.set(row.digest, found)
      entries.push(...found.entries.map(entry => ({ ...entry, state: STATES[row.state] })))
      performance = withEntries(performance, found.performance)
    }
    const updatedAt = utcText(clock.now())
    const image = await imageOf(rows, entries, registry, { updatedAt, channel })
    await replaceFile(disk, `${directory}/${registryFile}`, registryImageBytes(image))
    const text = canonicalJson(performance)
    if (text === stored) return
    const store = { schema: 'ratchet.performance/1' as const, updatedAt, entries: [...performance] }
    await replaceFile(disk, `${directory}/${performanceStore}`, performanceStoreBytes(store))
    stored = text
  }

  async function told(): Promise<void> {
    try {
      await write()
    } catch (cause) {
      const fault = faultOf(cause)
      log.write('warn', 'registry.image', `The registry's files could not be written: ${fault.message}`, {
        fault: fault.toJSON(),
      })
    }
  }

  /** The change, then the files: one writing after the other, since they share their temporary names. */
  async function after<R>(change: Promise<R>): Promise<R> {
    const result = await change
    turn = turn.then(told)
    await turn
    return result
  }

  return {
    ...registry,
    saveRelease: (...given) => after(registry.saveRelease(...given)),
    setState: (...given) => after(registry.setState(...given)),
    block: (...given) => after(registry.block(...given)),
    unblock: (...given) => after(registry.unblock(...given)),
    append: (...given) => after(registry.append(...given)),
  }
}

async function imageOf(
  rows: readonly ReleaseRow[],
  entries: readonly RegistryEntry[],
  registry: Registry,
  { updatedAt, channel }: { readonly updatedAt: string; readonly channel: string },
): Promise<RegistryImage> {
  const releaseId = (digest: string | null | undefined) => rows.find(row => row.digest === digest)?.releaseId
  const slot = (id: string | undefined): Readonly<Record<string, string>> => (id === undefined ? {} : { [SLOT]: id })
  const pin = await pinOf(registry, SLOT)
  const blocks = await registry.blocks()
  return {
    schema: 'ratchet.registry/3',
    updatedAt,
    channel,
    active: slot(releaseId((await registry.lastHandover(SLOT))?.to)),
    previous: slot(rows.find(({ state }) => state === 'previous')?.releaseId),
    pinned: [releaseId(pin?.digest) ?? []].flat(),
    blocked: blocks.map(({ digest, at, code, reason }) => ({ digest, at: utcText(at), code, reason })),
    available: entries.filter(({ state }) => state === 'blocked'),
    installed: entries.filter(({ state }) => state !== 'blocked'),
    config: {},
    extra: {},
  }
}
