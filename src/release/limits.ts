// Every size that a release may have, in one place (REL-01, REL-10, REL-13, REL-17, REL-20, REL-46).

const KIB = 1024
const MIB = 1024 * KIB

export const MANIFEST_CAP = 64 * KIB
export const ENVELOPE_CAP = 128 * KIB
export const CURRENT_CAP = 64 * KIB
/** The pointer itself; in its envelope, with signatures, it takes more. */
export const POINTER_CAP = 4 * KIB
export const POINTER_FILE_CAP = 16 * KIB
export const RELEASE_CAP = 2048 * MIB
export const MODEL_CAP = 32 * MIB
export const SIGNATURES_CAP = 64
/** Bots with keys of their own: as many as a key file has lines. */
export const BOTS_CAP = 1000
export const MODELS_CAP = 64
export const JSON_DEPTH_CAP = 32
export const INTEGER_DIGITS_CAP = 4300
/** Of a zip archive (REL-48). One file, packed or unpacked, may have `FILE_CAP` bytes. */
export const FILE_CAP = 1024 * MIB
export const ARCHIVE_ENTRIES_CAP = 64
export const ARCHIVE_RATIO_CAP = 100
export const ARCHIVE_NAME_CAP = 255

const DOCUMENT_CAPS: Readonly<Record<string, number>> = {
  'evaluation.json': MIB,
  'parity.json': 4 * MIB,
  'features.json': 256 * KIB,
  'lineage.json': 256 * KIB,
  'metadata.json': 64 * KIB,
  'card.md': 64 * KIB,
  'parameters.json': 256 * KIB,
}

const MODEL_NAME = /^models\/([a-z][a-z0-9_]{0,31})\.onnx$/
const GOLDEN_NAME = /^golden\/([a-z][a-z0-9_]{0,31})\.json$/

/** The role of `models/<role>.onnx`; undefined for every other name. */
export const modelRole = (name: string): string | undefined => MODEL_NAME.exec(name)?.[1]

/** The role of `golden/<role>.json`; undefined for every other name. */
export const goldenRole = (name: string): string | undefined => GOLDEN_NAME.exec(name)?.[1]

/**
 * Most bytes that a member of this name may have; undefined for a name that no release holds. Names that pass are the
 * only ones that ever become paths.
 *
 * @example memberCap('models/meta.onnx') // 33554432
 * @example memberCap('../evil') // undefined
 */
export function memberCap(name: string): number | undefined {
  if (modelRole(name) !== undefined) return MODEL_CAP
  if (goldenRole(name) !== undefined) return 4 * MIB
  return Object.hasOwn(DOCUMENT_CAPS, name) ? DOCUMENT_CAPS[name] : undefined
}
