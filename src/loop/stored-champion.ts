// The set that a training by hand is held against: read from the store without booting a slot, because a loop may be deciding with it (TRAIN-05).

import { Fault, unwrap } from '../base/fault.ts'
import { type FeatureSchema, featureSchemaHash } from '../market/feature-schema.ts'
import { contentStore } from '../release/store.ts'
import { loadModelSet, type ModelSet } from '../serving/model-set.ts'
import { statePaths } from '../serving/paths.ts'
import { reopenRelease } from '../serving/reopen.ts'
import { findRelease, SLOT } from './model-catalogue.ts'
import type { Ports, State } from './ports.ts'
import { stillWanted } from './stored-trust.ts'

/** `none`, a release by name, or undefined: the one in charge. */
export type ChampionName = string | undefined

type For = { readonly symbol: string; readonly schema: FeatureSchema; readonly asOf: number }

/** Why a set cannot be asked about these rows; undefined where it can. */
function objection({ evaluation, features, windows }: ModelSet, { symbol, schema, asOf }: For): string | undefined {
  if (evaluation.symbol !== symbol) return `it was trained on ${evaluation.symbol}`
  if (featureSchemaHash(features) !== featureSchemaHash(schema)) return 'it reads other columns'
  return windows.fitEnd > asOf ? 'it learned from what came later' : undefined
}

/**
 * Undefined where none is in charge, where it does not fit these rows, or where it cannot be read: that is logged.
 * Faults of a release that was named: those of `findRelease`, `reopenRelease` and `loadModelSet`, `CHAMPION_UNFIT`.
 */
export async function storedChampion(
  name: ChampionName,
  rows: For,
  state: State,
  ports: Ports,
): Promise<ModelSet | undefined> {
  if (name === 'none') return undefined
  const { registry, directory } = state
  const digest =
    name === undefined ? (await registry.lastHandover(SLOT))?.to : findRelease(name, await registry.releases()).digest
  if (digest === undefined || digest === null) return undefined
  const { disk, log } = ports
  const paths = statePaths(directory)
  const store = contentStore(disk, paths.store)
  const release = await reopenRelease({ disk, paths, store, stillWanted: stillWanted(directory, ports) }, digest)
  const set = release.ok ? loadModelSet(release.value) : release
  const why = set.ok ? objection(set.value, rows) : `${set.fault.code} ${set.fault.message}`
  if (why === undefined) return unwrap(set)
  if (name === undefined) {
    log.write('info', 'training.champion', `the release in charge is no baseline of this training: ${why}`)
    return undefined
  }
  throw new Fault('CHAMPION_UNFIT', `release ${name} cannot be held against this training: ${why}`, {
    place: '--champion',
    fix: 'name one that was trained on the same symbol and columns, or none',
  })
}
