// What a change of the set in charge does to the parameters of strategies, told to whoever keeps them (SRV-77).

import { unwrap } from '../base/fault.ts'
import { MANIFEST_CAP } from '../release/limits.ts'
import { readManifest } from '../release/manifest.ts'
import { faultOf, type Installation } from './installation.ts'
import { parameterDiff } from './parameter-changes.ts'
import { PARAMETERS_FILE, type ParameterSet, parameterValues, readParameters } from './parameter-set.ts'

type Place = Pick<Installation, 'store' | 'clock' | 'log' | 'parameterChanges'>

/** Of a release in the store; undefined where it has none. */
async function parametersOf(digest: string | null, { store }: Place): Promise<ParameterSet | undefined> {
  if (digest === null) return undefined
  const { members } = unwrap(readManifest(await store.get(digest, MANIFEST_CAP)))
  const member = members.find(({ name }) => name === PARAMETERS_FILE)
  if (member === undefined) return undefined
  return unwrap(readParameters(new Map([[PARAMETERS_FILE, await store.get(member.sha256, member.size)]])))
}

/** Nothing depends on it: what cannot be told is logged, and the change of hands stands. */
export async function recordParameters(
  { from, to, reason }: { readonly from: string | null; readonly to: string | null; readonly reason: string },
  place: Place,
): Promise<void> {
  const { parameterChanges, clock, log } = place
  if (parameterChanges === undefined) return
  try {
    const [before, after] = [await parametersOf(from, place), await parametersOf(to, place)]
    const changes = parameterDiff(parameterValues(before), parameterValues(after), { at: clock.now(), reason })
    if (changes.length > 0) await parameterChanges.add(changes)
  } catch (cause) {
    log.write('warn', 'parameters.untold', `changes of parameters could not be kept: ${faultOf(cause).message}`)
  }
}
