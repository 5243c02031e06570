// Signs and checks a plain manifest where it lies in a file (release chapter, section 9).

import { replaceFile } from '../base/disk.ts'
import { Fault, type Outcome, unwrap } from '../base/fault.ts'
import type { Secret } from '../base/secret.ts'
import { signsPlain } from '../release/current.ts'
import type { TrustedKey } from '../release/keys.ts'
import { CURRENT_CAP } from '../release/limits.ts'
import { addSignature, type PlainManifest, plainCanonical, signPlain, verifyPlain } from '../release/plain-manifest.ts'
import type { Check } from '../release/policy.ts'
import { utcText } from '../release/utc.ts'
import type { Ports } from './ports.ts'

/** The same outcome, with the file that people know in the place of the manifest's usual name. */
function inFile<T>(outcome: Outcome<T>, file: string): Outcome<T> {
  if (outcome.ok) return outcome
  const { code, message, fix } = outcome.fault
  return { ok: false, fault: new Fault(code, message, { place: file, cause: outcome.fault, ...(fix && { fix }) }) }
}

export type SignRequest = {
  readonly file: string
  readonly key: Secret
  /** Writes the signature into the file. */
  readonly add: boolean
}

/**
 * The signature as 64 hex digits. Faults: those of `signPlain` and of the file.
 *
 * @example await signFile({ file: 'current.json', key, add: false }, ports) // '71fed988...'
 */
export async function signFile(
  { file, key, add }: SignRequest,
  { disk, clock }: Pick<Ports, 'disk' | 'clock'>,
): Promise<string> {
  const bytes = await disk.read(file, CURRENT_CAP)
  const signature = unwrap(inFile(signPlain(bytes, key), file))
  if (add) await replaceFile(disk, file, unwrap(inFile(addSignature(bytes, key, utcText(clock.now())), file)))
  return signature
}

export type PlainCheck = {
  readonly outcome: Outcome<PlainManifest>
  readonly checks: readonly Check[]
  /** False where the text could not even be read as a manifest. */
  readonly readable: boolean
}

/**
 * Checks in the order of REL-11 with each shared MAC key in turn, and says how far it came. Faults: those of the file,
 * `KEY_TOO_SHORT`, `KEY_MISSING`.
 *
 * @param signature hex to check in place of the one inside
 */
export async function verifyFile(
  file: string,
  keys: readonly TrustedKey[],
  signature: string | undefined,
  { disk, clock }: Pick<Ports, 'disk' | 'clock'>,
): Promise<PlainCheck> {
  const bytes = await disk.read(file, CURRENT_CAP)
  const text = plainCanonical(bytes)
  if (!text.ok) {
    const { fault } = text
    const checks: Check[] = [{ name: 'text', place: file, result: 'fail', note: fault.message }]
    return { outcome: inFile({ ok: false, fault }, file), checks, readable: false }
  }
  const shared = keys.flatMap(key => (signsPlain(key, clock.now()) ? [key.secret] : []))
  const outcomes = shared.map(key => inFile(verifyPlain(bytes, key, { signature }), file))
  const outcome = outcomes.find(({ ok }) => ok) ?? outcomes[0]
  if (outcome === undefined) {
    throw new Fault('KEY_MISSING', 'there is no shared HMAC key to check it with', {
      place: file,
      fix: 'set MANIFEST_HMAC_KEY; the key of a single bot and public keys check the release beside it',
    })
  }
  if (!outcome.ok && outcome.fault.code.startsWith('KEY_')) throw outcome.fault
  const passed = (name: string): Check => ({ name, place: file, result: 'pass' })
  const checks = [passed('text'), passed('signature'), passed('content')]
  if (!outcome.ok) {
    // What a document says is looked at only after its signature (REL-11).
    const at = outcome.fault.code.startsWith('SIGNATURE_') ? 1 : 2
    checks.splice(at, checks.length, { ...checks[at]!, result: 'fail', note: outcome.fault.message })
  }
  return { outcome, checks, readable: true }
}
