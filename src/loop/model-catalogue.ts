// Which releases this installation knows, in words that people use: by label, version, id or the beginning of a digest.

import { Fault, unwrap } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import type { Evaluation } from '../release/evaluation.ts'
import { readManifest } from '../release/manifest.ts'
import type { ReleaseManifest } from '../release/release.ts'
import { readEvaluation } from '../serving/evidence.ts'
import type { GateReport } from '../serving/gates/run.ts'
import type { Block, Registry, ReleaseRow } from '../serving/registry.ts'

/** The slot that decides by the clock: `sync`, `up --clock` and people fill it. */
export const SLOT = 'main'
/** The slot of replays: what they put in charge of the past never decides anywhere else (DEMO-06). */
export const REPLAY_SLOT = 'replay'

const REPLAY_CHANNEL = /^replay-\d+$/

/** @example replayChannel(3) // 'replay-3' */
export const replayChannel = (number: number): string => `replay-${number}`

/** The slot that runs of a channel fill. @example slotOf('replay-3') // 'replay' */
export const slotOf = (channel: string | undefined): string =>
  channel !== undefined && REPLAY_CHANNEL.test(channel) ? REPLAY_SLOT : SLOT

/** `main`, or the slot of replays where nothing else is in charge. */
export async function slotInUse(registry: Pick<Registry, 'lastHandover'>): Promise<string> {
  const [main, replayed] = [await registry.lastHandover(SLOT), await registry.lastHandover(REPLAY_SLOT)]
  return (main?.to ?? null) === null && (replayed?.to ?? null) !== null ? REPLAY_SLOT : SLOT
}

export type ModelEntry = Pick<
  ReleaseRow,
  'digest' | 'releaseId' | 'channel' | 'version' | 'label' | 'state' | 'firstSeen'
> & {
  /** Of the slot `main`. */
  readonly inCharge: boolean
  /** Of the slot of replays. */
  readonly inReplay: boolean
  readonly block: Block | null
}

async function entryOf(row: ReleaseRow, registry: Registry): Promise<ModelEntry> {
  const last = await registry.lastHandover(SLOT)
  const replayed = await registry.lastHandover(REPLAY_SLOT)
  const { digest, releaseId, channel, version, label, state, firstSeen } = row
  const block = (await registry.blockOf(digest)) ?? null
  const charge = { inCharge: last?.to === digest, inReplay: replayed?.to === digest }
  return { digest, releaseId, channel, version, label, state, firstSeen, ...charge, block }
}

/** In order of first seen. */
export async function listModels(registry: Registry): Promise<readonly ModelEntry[]> {
  const entries: ModelEntry[] = []
  for (const row of await registry.releases()) entries.push(await entryOf(row, registry))
  return entries
}

/** Ways to name a release, the surest first. */
const NAMES: readonly ((row: ReleaseRow, name: string) => boolean)[] = [
  (row, name) => row.digest === name,
  (row, name) => row.label === name || row.label === name.replace(/^v/, ''),
  (row, name) => row.releaseId === name,
  (row, name) => String(row.version) === name.replace(/^v/, ''),
  (row, name) => /^[0-9a-f]{4,}$/.test(name) && row.digest.startsWith(name),
]

/**
 * Faults: `RELEASE_UNKNOWN` with the nearest name, `RELEASE_AMBIGUOUS` where several are of that name.
 *
 * @example findRelease('20260115_143000_5', rows).digest
 */
export function findRelease(name: string, rows: readonly ReleaseRow[]): ReleaseRow {
  const found = NAMES.map(is => rows.filter(row => is(row, name))).find(({ length }) => length > 0) ?? []
  const [row] = found
  if (row === undefined) {
    const known = rows.flatMap(({ label, releaseId }) => [label, releaseId])
    const near = nearest(name, known)
    throw new Fault('RELEASE_UNKNOWN', `no release ${name} is known here`, {
      fix: near === undefined ? 'list what there is: ratchet models list' : `did you mean ${near}?`,
    })
  }
  if (found.length === 1) return row
  const some = found.slice(0, 5).map(({ digest, channel }) => `${digest.slice(0, 12)} (${channel})`)
  throw new Fault('RELEASE_AMBIGUOUS', `${found.length} releases are called ${name}: ${some.join(', ')}`, {
    fix: 'name one by the beginning of its digest',
  })
}

export type ModelDetail = ModelEntry & {
  readonly manifest: ReleaseManifest
  readonly evaluation: Evaluation
  /** What the gates said here last; null where none was asked. */
  readonly gates: GateReport | null
}

/** Faults besides those of `findRelease`: what is stored can no longer be read. */
export async function showModel(name: string, registry: Registry): Promise<ModelDetail> {
  const row = findRelease(name, await registry.releases())
  const texts = await registry.documents(row.digest)
  if (texts === undefined) throw new Fault('RELEASE_UNKNOWN', `release ${row.label} is no longer known here`)
  const bytes = (text: string) => new TextEncoder().encode(text)
  const members = new Map([['evaluation.json', bytes(texts.evaluation)]])
  const report = (await registry.gateReports(row.digest)).at(-1)?.report
  return {
    ...(await entryOf(row, registry)),
    manifest: unwrap(readManifest(bytes(texts.manifest))),
    evaluation: unwrap(readEvaluation({ members })),
    gates: report === undefined ? null : (JSON.parse(report) as GateReport),
  }
}
