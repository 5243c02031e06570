// The files of a release where they lie, checked again with the key of this state directory each time somebody asks.

import { z } from 'zod'
import { Fault, type Outcome, refused } from '../../base/fault.ts'
import { everTrusted } from '../../release/keyring.ts'
import type { TrustedKey } from '../../release/keys.ts'
import { publishedPath } from '../../release/layout.ts'
import { ENVELOPE_CAP } from '../../release/limits.ts'
import { verifyPolicy } from '../../release/policy.ts'
import type { ReleaseReader } from '../../release/reader.ts'
import type { Profile, ReleaseManifest, VerifiedRelease } from '../../release/release.ts'
import { contentStore } from '../../release/store.ts'
import { utcMs } from '../../release/utc.ts'
import { verifyRelease } from '../../release/verify.ts'
import { statePaths } from '../../serving/paths.ts'
import type { ReleaseRow } from '../../serving/registry.ts'
import { envelopePath, reopenRelease } from '../../serving/reopen.ts'
import { verifyingRing } from '../signing-key.ts'
import type { ViewPorts } from './view-ports.ts'

export type SignatureView = {
  valid: boolean
  keyIds: string[]
  algorithms: string[]
  fault: string | null
}

export type ReleaseFiles = {
  readonly signature: SignatureView
  /** Undefined where the signature or a file does not hold. */
  readonly release: VerifiedRelease | undefined
}

type Ports = Pick<ViewPorts, 'directory' | 'disk' | 'environment' | 'entropy' | 'clock'>

const envelopeSchema = z.object({ signatures: z.array(z.object({ alg: z.string(), keyid: z.string() })).max(64) })

/** Who claims to have signed: read before anything is verified, so for display only. */
function claimed(bytes: Uint8Array | undefined): Pick<SignatureView, 'keyIds' | 'algorithms'> {
  if (bytes === undefined) return { keyIds: [], algorithms: [] }
  try {
    const { signatures } = envelopeSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
    return { keyIds: signatures.map(({ keyid }) => keyid), algorithms: [...new Set(signatures.map(({ alg }) => alg))] }
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) return { keyIds: [], algorithms: [] }
    throw cause
  }
}

/** A release in the published tree of its channel; its own pointer may be gone by now, so none is asked for. */
function treeReader({ disk }: Pick<Ports, 'disk'>, root: string, label: string): ReleaseReader {
  return {
    list: async () => undefined,
    read: async (name, limit) => {
      if (name === 'pointer.json')
        throw new Fault('FILE_MISSING', 'the pointer names the newest release', { place: name })
      return disk.read(`${root}/${publishedPath(name, label)}`, limit)
    },
  }
}

async function present(bytes: Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await bytes
  } catch (cause) {
    if (cause instanceof Fault) return undefined
    throw cause
  }
}

/**
 * Each kind of the known keys that claim to have signed: what a bot must have seen was asked when the release came, so one that holds
 * public keys alone is shown a right signature too. Undefined: as the profile says.
 */
function requiredHere(claims: readonly string[], keys: readonly TrustedKey[], profile: Profile) {
  const known = keys.filter(({ keyid, state }) => state !== 'revoked' && claims.includes(keyid))
  return profile === 'live' || known.length === 0 ? undefined : [...new Set(known.map(({ alg }) => alg))]
}

/** As of the moment it was issued: whether it has expired since is another question, and shown beside. */
export async function releaseFiles(
  row: Pick<ReleaseRow, 'digest' | 'channel' | 'label'>,
  { audience, issuedAt }: Pick<ReleaseManifest, 'audience' | 'issuedAt'>,
  ports: Ports,
): Promise<ReleaseFiles> {
  const { directory, disk } = ports
  const paths = statePaths(directory)
  const root = `${directory}/channels/${row.channel}`
  const published = await present(disk.read(`${root}/${publishedPath('envelope.json', row.label)}`, ENVELOPE_CAP))
  const installed =
    published === undefined ? await present(disk.read(envelopePath({ paths }, row.digest), ENVELOPE_CAP)) : undefined
  const nowMs = utcMs(issuedAt) ?? 0
  const check = async (): Promise<Outcome<VerifiedRelease>> => {
    const keys = everTrusted((await verifyingRing(directory, ports)).trusted)
    const { profile } = audience
    const required = requiredHere(claimed(published ?? installed).keyIds, keys, profile)
    const policy = verifyPolicy({ profile, channel: row.channel, symbols: [], keys, ...(required && { required }) })
    if (published === undefined) {
      const installation = { disk, paths, store: contentStore(disk, paths.store) }
      return reopenRelease(installation, row.digest, { keys, required: policy.required, nowMs })
    }
    const outcome = await verifyRelease(treeReader(ports, root, row.label), policy, undefined, { now: () => nowMs })
    if (!outcome.ok || outcome.value.manifestSha256 === row.digest) return outcome
    return refused('MANIFEST_COPY', 'another release lies under its label', { place: 'manifest.json' })
  }
  const outcome = await refusal(check)
  const fault = outcome.ok ? null : `${outcome.fault.code}: ${outcome.fault.message}`
  return {
    signature: { valid: outcome.ok, ...claimed(published ?? installed), fault },
    release: outcome.ok ? outcome.value : undefined,
  }
}

async function refusal<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}
