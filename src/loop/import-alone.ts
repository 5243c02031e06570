// `ratchet models import`: a model by hand into the slot of a state directory, or the blocks of another installation's registry file.

import { accepted, Fault, type Outcome, refused, unwrap } from '../base/fault.ts'
import { highWaterFile } from '../release/high-water.ts'
import type { ReleaseReader } from '../release/reader.ts'
import { REGISTRY_CAP, readRegistryImage } from '../release/registry-image.ts'
import type { ReleaseMembers } from '../release/release.ts'
import { utcMs } from '../release/utc.ts'
import { asRefusal } from '../serving/judge.ts'
import { statePaths } from '../serving/paths.ts'
import { type Promotion, promoteRelease } from '../serving/promote.ts'
import { reopenRelease } from '../serving/reopen.ts'
import { bootAlone } from './boot-alone.ts'
import { IMPORT_CHANNEL, type ImportedModel, importedRelease, readModelFile } from './import-model.ts'
import { asOperator } from './operator.ts'
import { policyOf } from './policy-of.ts'
import type { Ports, State } from './ports.ts'
import { imagedRegistry, registryFilesOf } from './registry-files.ts'
import { runLockOf } from './run-lock.ts'
import { signingKey, verifyingRing } from './signing-key.ts'
import { onStoredBars } from './sync-pass.ts'

export type ImportRequest = {
  readonly file: string
  readonly role?: string | undefined
  /** ms UTC. */
  readonly fittedUntil: number
  readonly reason: string
}

export type Imported = {
  readonly role: ImportedModel['role']
  readonly label: string
  readonly releaseId: string
  readonly digest: string
  readonly promotion: Promotion
}

/**
 * Builds the release that the model makes with the one in charge, and asks every gate. A refusal of a gate is in the promotion.
 *
 * Refusals: `IMPORT_NO_BASE` without a release in charge, those of `bootSlot` and `importedRelease`. Faults: those of `readModelFile`,
 * `LOCK_BUSY` while a loop runs on this state directory.
 */
export async function importAlone(request: ImportRequest, state: State, ports: Ports): Promise<Outcome<Imported>> {
  const model = await readModelFile(request.file, request.role, ports)
  if (request.fittedUntil > ports.clock.now()) {
    throw new Fault('USAGE', 'no model is fitted on data of the future', { place: '--fitted-until' })
  }
  return ports.withLock(runLockOf(state.directory), async () => {
    const booted = await bootAlone(state, ports)
    if (!booted.ok) return booted
    const installation = booted.value
    const current = installation.slot.current()
    if (current === undefined) {
      return refused('IMPORT_NO_BASE', 'no release is in charge whose other roles the model could join', {
        fix: 'train and install one first: ratchet train, then ratchet sync',
      })
    }
    const base = unwrap(await reopenRelease(installation, current.digest))
    const version = 1 + (await state.registry.releases(IMPORT_CHANNEL)).length
    const keys = [await signingKey(state.directory, ports)]
    const oracle = ports.oracle()
    const wanted = { model, base, fittedUntil: request.fittedUntil, version, keys }
    const built = await importedRelease(wanted, oracle, ports).catch(asRefusal)
    await oracle.close()
    if (!built.ok) return built
    const { files, manifest, manifestSha256: digest } = built.value
    const { trusted } = await verifyingRing(state.directory, ports)
    const promotion = await promoteRelease(
      { digest, reason: request.reason, readers: [readerOf(files)] },
      {
        policy: policyOf({ profile: 'paper', channel: IMPORT_CHANNEL, symbols: [], keys: trusted }, ports),
        memory: highWaterFile(ports.disk, statePaths(state.directory).highWater),
        installation: asOperator(installation),
        ...onStoredBars({ actor: 'operator', act: one => `import-${one}-${ports.clock.now()}` }, state, ports),
      },
    )
    const { label, releaseId } = manifest
    return accepted({ role: model.role, label, releaseId, digest, promotion })
  })
}

const readerOf = (files: ReleaseMembers): ReleaseReader => ({
  list: async () => [...files.keys()].sort(),
  async read(name, limit) {
    const bytes = files.get(name)
    if (bytes === undefined) throw new Fault('FILE_MISSING', 'is not there', { place: name })
    if (bytes.length > limit) throw new Fault('FILE_TOO_LARGE', `is larger than ${limit} bytes`, { place: name })
    return bytes
  },
})

/** What was taken over of a registry file: an image holds no models, but it knows what must not come back. */
export type AdoptedBlocks = { readonly known: number; readonly added: readonly string[] }

/** Faults: `REGISTRY_…`, those of the strict parser and of the disk. */
export async function importBlocks(path: string, state: State, ports: Ports): Promise<AdoptedBlocks> {
  const { blocked } = unwrap(readRegistryImage(await ports.disk.read(path, REGISTRY_CAP), path))
  const { clock } = ports
  const registry = imagedRegistry(state.registry, registryFilesOf(state.directory, ports, clock))
  const added: string[] = []
  for (const { digest, at, code, reason } of blocked) {
    if ((await registry.blockOf(digest)) !== undefined) continue
    await registry.block({ digest, at: utcMs(at) ?? clock.now(), code, reason })
    added.push(digest)
  }
  return { known: blocked.length - added.length, added }
}
