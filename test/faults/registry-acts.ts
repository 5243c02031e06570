// Changes of a registry, drawn by a seed and each of them legal after those before it: for processes that die between two statements, and
// for whoever checks afterwards which of them are there.

import { type Rng, seededRng } from '../../src/base/rng.ts'
import type { SlotEventKind } from '../../src/serving/history.ts'
import type { Registry, ReleaseState } from '../../src/serving/registry.ts'

export type RegistryAct = { readonly name: string; readonly run: (registry: Registry) => Promise<unknown> }

const STATES: readonly ReleaseState[] = ['installed', 'active', 'previous', 'retired', 'refused', 'quarantined']
const EVENTS: readonly SlotEventKind[] = ['activated', 'rolledBack', 'refused', 'recovered']

const pick = <T>(rng: Rng, among: readonly T[]): T => among[rng.int(among.length)]!

/** @example registryActs(1, 200).length // 200 */
export function registryActs(seed: number, count: number): readonly RegistryAct[] {
  const rng = seededRng(seed).fork('registry')
  const digests: string[] = []
  const save = (at: number): RegistryAct => {
    const digest = Array.from({ length: 64 }, () => rng.int(16).toString(16)).join('')
    digests.push(digest)
    const members = ['meta', 'execution', 'sizer'].map(role => ({
      name: `models/${role}.onnx`,
      sha256: `${role.length}${digest.slice(1)}`,
      size: 1 + rng.int(1e6),
      role,
      mediaType: 'application/octet-stream',
    }))
    const texts = { manifest: `{"n":${at}}`, evaluation: '{}'.padEnd(1 + rng.int(20_000)) }
    const release = { digest, releaseId: `r-${digest.slice(0, 8)}`, channel: 'demo', version: at, label: `${at}` }
    const gates = { digest, at, reportSha256: digest, report: '{}', verdict: 'pass', decidedBy: null } as const
    const run = (registry: Registry) =>
      registry.saveRelease({ ...release, ...texts, state: 'installed', firstSeen: at }, members, gates)
    return { name: 'saveRelease', run }
  }
  return Array.from({ length: count }, (_, at) => {
    const kind = digests.length === 0 ? 0 : rng.int(5)
    if (kind === 0) return save(at)
    const digest = pick(rng, digests)
    const state = pick(rng, STATES)
    if (kind === 1) return { name: 'setState', run: registry => registry.setState(digest, state) }
    if (kind === 2)
      return { name: 'block', run: registry => registry.block({ digest, at, code: 'PLAYED', reason: state }) }
    if (kind === 3) return { name: 'unblock', run: registry => registry.unblock(digest) }
    const event = {
      at,
      slot: 'main',
      event: pick(rng, EVENTS),
      from: pick(rng, digests),
      to: digest,
      actor: 'test',
      cause: 'drawn',
      gateReportSha256: null,
      configSha256: digest,
      codeVersion: '0',
    }
    const states = new Map([[digest, state]])
    return { name: 'append', run: registry => registry.append(event, states) }
  })
}

/** Everything that the registry answers, to be compared. */
export async function contentsOf(registry: Registry): Promise<unknown> {
  const releases = await registry.releases()
  return {
    releases,
    texts: await Promise.all(releases.map(({ digest }) => registry.documents(digest))),
    reports: await Promise.all(releases.map(({ digest }) => registry.gateReports(digest))),
    blocks: await registry.blocks(),
    events: await registry.events(),
  }
}
