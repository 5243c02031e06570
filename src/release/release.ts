// The nouns of a release: its manifest, its members and what a verified one gives to whoever installs it.

export type Profile = 'paper' | 'live'

/** How a member is stored where that saves a tenth (REL-47). */
export type Packing = {
  readonly encoding: 'gzip' | 'zstd'
  readonly storedSize: number
  readonly storedSha256: string
}

export type ReleaseMember = {
  readonly name: string
  readonly role?: string | undefined
  readonly mediaType: string
  readonly size: number
  readonly sha256: string
  /** These three together, or none of them. */
  readonly encoding?: Packing['encoding'] | undefined
  readonly storedSize?: number | undefined
  readonly storedSha256?: string | undefined
}

/** The signed manifest (REL-15). Unknown fields are refused when it is read. */
export type ReleaseManifest = {
  readonly schema: 'ratchet.manifest/1'
  readonly channel: string
  readonly audience: {
    readonly profile: Profile
    readonly accounts?: readonly string[] | undefined
    readonly symbols: readonly string[]
  }
  readonly epoch: number
  readonly version: number
  /** `r-` and the first 16 hex of sha256 over the sorted member digests joined by newlines. */
  readonly releaseId: string
  /** `YYYYMMDD_HHMMSS_<n>`. */
  readonly label: string
  readonly prevManifestSha256: string | null
  readonly issuedAt: string
  readonly expiresAt: string
  readonly members: readonly ReleaseMember[]
  readonly featureSchemaSha256: string
  /** Role -> input and output of its graph. */
  readonly graphSignatures: Readonly<
    Record<
      string,
      { readonly input: string; readonly width: number; readonly output: string; readonly outputs: number }
    >
  >
  readonly evaluationSha256: string
  readonly paritySha256: string
  readonly lineageSha256: string
  readonly gates: {
    readonly ciBacktest: 'pass' | 'fail' | 'notApplicable'
    readonly driftScore: number
    readonly verdict: 'pass' | 'fail'
  }
  readonly minRatchet: string
  readonly onnx: { readonly opset: number; readonly ir: number }
  readonly provenance: 'real' | 'simulated'
}

/** The signed statement of what is current (REL-17). */
export type ReleasePointer = Pick<
  ReleaseManifest,
  'channel' | 'audience' | 'epoch' | 'version' | 'releaseId' | 'issuedAt' | 'expiresAt'
> & {
  readonly schema: 'ratchet.pointer/1'
  /** Names the folder of the release, so that readers find it while `current.json` is already a step ahead. */
  readonly label: string
  readonly manifestSha256: string
  readonly manifestSize: number
}

/** Name -> bytes of everything the manifest lists: `models/<role>.onnx`, `features.json`, `golden/<role>.json`, ... */
export type ReleaseMembers = ReadonlyMap<string, Uint8Array>

/** What only `verify` makes: every byte checked against the signed manifest. */
export type VerifiedRelease = {
  readonly manifest: ReleaseManifest
  /** SHA-256 of the exact manifest bytes that were signed: the release's digest. */
  readonly manifestSha256: string
  readonly manifestBytes: Uint8Array
  readonly envelopeBytes: Uint8Array
  readonly members: ReleaseMembers
  /** The pointer it was found through, fresh when it was verified. */
  readonly pointer?: ReleasePointer | undefined
}

/** Roles of the standard set, in this order everywhere. */
export const STANDARD_ROLES = ['meta', 'execution', 'rl_sizer'] as const
export type StandardRole = (typeof STANDARD_ROLES)[number]

/** Graph inputs and outputs of the standard roles. */
export const ROLE_OUTPUTS: Readonly<Record<StandardRole, string>> = {
  meta: 'probabilities',
  execution: 'expected_r',
  rl_sizer: 'position_size',
}
