// Sets whose every answer names its release: models of `ratchet train`, and what each of them says to each row, known beforehand.

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unwrap } from '../../src/base/fault.ts'
import { trainOnce } from '../../src/loop/train-once.ts'
import { floatTensor, node } from '../../src/onnx/build.ts'
import { encodeModel } from '../../src/onnx/encode.ts'
import type { OnnxModel } from '../../src/onnx/model.ts'
import { validateModel } from '../../src/onnx/validate.ts'
import { modelRole } from '../../src/release/limits.ts'
import type { ReleaseManifest, ReleaseMembers } from '../../src/release/release.ts'
import { loadModelSet, type ModelSet } from '../../src/serving/model-set.ts'
import { openWorld } from '../../test/loop/ports.ts'

/** The history that the program carries with it. */
const SAMPLE = fileURLToPath(new URL('../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url))

export const ROLES = ['meta', 'execution', 'rl_sizer'] as const
export type Role = (typeof ROLES)[number]

export type TrainedRelease = {
  readonly manifest: ReleaseManifest
  readonly manifestSha256: string
  readonly members: ReleaseMembers
}

/** Releases of one history, each with a seed of its own, as `ratchet train` makes them. */
export async function trainedReleases(count: number): Promise<TrainedRelease[]> {
  const world = await openWorld()
  const bars = { file: SAMPLE, symbol: 'SPX', zone: undefined, map: undefined, barMs: undefined, calendar: undefined }
  const { signal } = new AbortController()
  try {
    const made: TrainedRelease[] = []
    for (let seed = 1; seed <= count; seed++) {
      const out = join(world.folder, `release-${seed}`)
      const { built } = await trainOnce(
        { data: bars, seed, out, signal, onProgress: () => {} },
        world.state,
        world.ports,
      )
      const { manifest, manifestSha256, files } = built
      made.push({ manifest, manifestSha256, members: files })
    }
    return made
  } finally {
    await world.close()
  }
}

/** The graph with a small constant of its release added to its one output: stand-ins of two releases would answer alike. */
function tagged(model: OnnxModel, tag: number): OnnxModel {
  const [output] = model.outputs
  const renamed = model.nodes.map(each => ({
    ...each,
    outputs: each.outputs.map(name => (name === output!.name ? 'untagged' : name)),
    inputs: each.inputs.map(name => (name === output!.name ? 'untagged' : name)),
  }))
  return {
    ...model,
    nodes: [...renamed, node('Add', ['untagged', 'tag'], [output!.name])],
    initializers: [...model.initializers, floatTensor('tag', [1], [tag])],
  }
}

/** A release as the set that a slot holds; the scalar roles carry its number. */
export function taggedSet({ manifest, manifestSha256, members }: TrainedRelease, number: number): ModelSet {
  const files = new Map(members)
  for (const [name, bytes] of members) {
    const role = modelRole(name)
    if (role === undefined || role === 'meta') continue
    files.set(name, encodeModel(tagged(unwrap(validateModel(bytes)), number / 64)))
  }
  return unwrap(loadModelSet({ manifest, manifestSha256, members: files }))
}

export type Truth = {
  readonly rows: Readonly<Record<Role, readonly Float32Array[]>>
  /** Release id, role and row to the answer. */
  readonly of: ReadonlyMap<string, Readonly<Record<Role, readonly Float32Array[]>>>
}

/**
 * Rows for every role, and what each set answers to them. Throws where two sets answer one row alike: such an answer would name nobody.
 */
export function truthOf(sets: readonly ModelSet[], count: number): Truth {
  const byRole = <T>(make: (role: Role) => T) =>
    Object.fromEntries(ROLES.map(role => [role, make(role)])) as Record<Role, T>
  const rows = byRole(role => {
    const { width } = sets[0]!.roles.get(role)!
    const of = (n: number) =>
      Float32Array.from({ length: width }, (_, i) => Math.sin(n * 31 + i) * (i === 0 ? 1000 : 3))
    return Array.from({ length: count }, (_, n) => of(n))
  })
  const answers = (set: ModelSet) => byRole(role => rows[role].map(row => set.roles.get(role)!.run(row, 1).slice()))
  const of = new Map(sets.map(set => [set.releaseId, answers(set)]))
  for (const role of ROLES) {
    for (let n = 0; n < count; n++) {
      const said = new Set([...of.values()].map(answer => answer[role][n]!.join()))
      if (said.size !== sets.length) throw new Error(`two releases answer row ${n} of ${role} alike`)
    }
  }
  return { rows, of }
}
