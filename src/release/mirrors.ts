// Several places that should hold the same channel, as one source: the highest valid version wins, and a place that fails is left
// alone for a growing while, though never all of them (REL-40, case 14).

import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import { Fault } from '../base/fault.ts'
import { jsonText } from '../base/json-text.ts'
import { readObject } from './fetch.ts'
import { POINTER_PATH } from './layout.ts'
import { POINTER_FILE_CAP } from './limits.ts'
import { claimedVersion } from './pointer-hint.ts'
import type { ObjectRef, ReleaseCandidate, ReleaseSource } from './source.ts'

export type MirrorsOptions = {
  /** Published trees; the first ones are asked first where all else is equal. */
  readonly sources: readonly ReleaseSource[]
  /** Never goes back. */
  readonly clock: Clock
  /** Times the number of failures in a row. */
  readonly ejectMs?: number
  readonly maxEjectMs?: number
}

type Mirror = { readonly source: ReleaseSource; readonly index: number; failures: number; ejectedUntil: number }
type Seen = { readonly cursor: string; readonly version: number }
type Offer = Seen & { readonly mirror: Mirror; readonly changed: boolean }

const seenSchema = z.strictObject({ cursor: z.string(), version: z.int() })
const cursorSchema = jsonText.pipe(z.record(z.string(), seenSchema))

/** Refusals that speak against the place: what it sent, or that it did not. An old release, or one that a gate refuses, does not. */
const BLAMED =
  /^(SOURCE_|TRANSFER_|TLS_|REDIRECT_|ADDRESS_|CONTENT_|HTTP_|SLOW_|DEADLINE_|BREAKER_|FILE_|MEMBER_|ENVELOPE_|SIGNATURE_|MANIFEST_|RELEASE_MISSING_)/

/** @example mirroredSource({ sources: [httpSource(a), httpSource(b)], clock }) */
export function mirroredSource(options: MirrorsOptions): ReleaseSource {
  const { sources, clock, ejectMs = 30_000, maxEjectMs = 300_000 } = options
  const mirrors = sources.map((source, index): Mirror => ({ source, index, failures: 0, ejectedUntil: 0 }))

  const blame = (mirror: Mirror): void => {
    mirror.failures++
    mirror.ejectedUntil = clock.now() + Math.min(maxEjectMs, ejectMs * mirror.failures)
  }
  /** Those that may be asked; where all are ejected, the one whose time is over first. */
  const usable = (): readonly Mirror[] => {
    const ready = mirrors.filter(({ ejectedUntil }) => ejectedUntil <= clock.now())
    return ready.length > 0 ? ready : mirrors.toSorted((a, b) => a.ejectedUntil - b.ejectedUntil).slice(0, 1)
  }

  async function ask(mirror: Mirror, seen: Seen | undefined, signal: AbortSignal): Promise<Offer> {
    const { source } = mirror
    const found = await source.discover(seen?.cursor, signal)
    if (found.kind === 'notModified') return { ...seen!, mirror, changed: false }
    const [candidate] = found.candidates
    if (candidate?.layout !== 'tree') {
      throw new Fault('SOURCE_EMPTY', 'is no published tree', { place: source.describe().place })
    }
    const pointer = await readObject(source, candidate.pointer.path, POINTER_FILE_CAP, signal)
    const version = claimedVersion(pointer, source.describe().place)
    return { cursor: found.cursor, version, mirror, changed: true }
  }

  const routed = ({ path }: ObjectRef): { mirror: Mirror; path: string } => {
    const [, index, rest] = /^(\d{1,3})\/(.+)$/s.exec(path) ?? []
    const mirror = mirrors[Number(index)]
    if (mirror === undefined) throw new Fault('FILE_MISSING', 'no mirror holds such a file', { place: path })
    return { mirror, path: rest! }
  }

  return {
    parallel: Math.max(...sources.map(({ parallel = 1 }) => parallel)),
    describe: () => {
      const all = sources.map(source => source.describe())
      return { kind: 'mirrors', place: all.map(({ place }) => place).join(', ') }
    },
    async discover(cursor, signal) {
      const seen: Readonly<Record<string, Seen>> = cursorSchema.safeParse(cursor).data ?? {}
      const asked = usable()
      const answers = await Promise.allSettled(asked.map(mirror => ask(mirror, seen[mirror.index], signal)))
      signal.throwIfAborted()
      for (const [n, answer] of answers.entries()) if (answer.status === 'rejected') blame(asked[n]!)
      const offers = answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
      if (offers.length === 0) throw (answers[0] as PromiseRejectedResult).reason
      if (cursor !== undefined && offers.every(({ changed }) => !changed)) return { kind: 'notModified', cursor }
      const best = offers.toSorted((a, b) => b.version - a.version || a.mirror.index - b.mirror.index)
      const known = offers.map(({ mirror, cursor, version }) => [mirror.index, { cursor, version }])
      return {
        kind: 'found',
        cursor: JSON.stringify({ ...seen, ...Object.fromEntries(known) }),
        candidates: best.map(({ mirror: { index } }) => candidateOf(index)),
      }
    },
    async *open(ref, range, signal) {
      const { mirror, path } = routed(ref)
      yield* mirror.source.open({ path }, range, signal)
    },
    judged(candidate, fault) {
      if (candidate.layout !== 'tree') return
      const { mirror } = routed(candidate.pointer)
      if (fault === undefined) mirror.failures = 0
      else if (BLAMED.test(fault.code)) blame(mirror)
    },
  }
}

/** As the tree of one source, below a folder that says which. */
const candidateOf = (index: number): ReleaseCandidate => ({
  layout: 'tree',
  root: `${index}`,
  pointer: { path: `${index}/${POINTER_PATH}` },
})
