// `ratchet sign`: the HMAC of a plain manifest; the envelope and the bundle of a release directory (release chapter, section 9).

import { Fault } from '../base/fault.ts'
import { signFile } from '../loop/plain-file.ts'
import { rootKey, signEnvelope, writeBundle } from '../loop/sign-release.ts'
import { signingRing } from '../loop/signing-key.ts'
import type { Keyring } from '../release/keyring.ts'
import type { SigningKey } from '../release/keys.ts'
import type { Session, Verb } from './command.ts'
import { addKeyOptions, chosenKey, type KeyOptions, namedKey } from './key-options.ts'
import { count, example } from './lines.ts'

type SignOptions = KeyOptions & {
  readonly manifest: string
  readonly addToManifest?: boolean
  readonly outputOnly?: boolean
  readonly envelope?: boolean
  readonly rootFile?: string
  readonly bundle?: boolean
  readonly bundleKey?: string
}

/** The root key or the named key alone, else all keys that sign releases here. */
async function envelopeKeys(
  options: SignOptions,
  session: Session,
): Promise<{ readonly keys: readonly SigningKey[]; readonly ring: Pick<Keyring, 'trusted'> }> {
  const { ports, stateDirectory } = session
  // The machine of the root key need not have any other.
  if (options.rootFile !== undefined) return { keys: [await rootKey(options.rootFile, ports)], ring: { trusted: [] } }
  const named = await namedKey(options, session)
  if (named !== undefined) return { keys: [named], ring: { trusted: [] } }
  const ring = await signingRing(stateDirectory, ports)
  return { keys: ring.release, ring }
}

async function signRelease(options: SignOptions, session: Session): Promise<void> {
  const { ports, out } = session
  const { manifest, envelope = false, bundle = false, outputOnly = false } = options
  const chosen = envelope ? await envelopeKeys(options, session) : undefined
  const signed = chosen && (await signEnvelope({ manifest, ...chosen, write: !outputOnly }, ports))
  const path = bundle ? await writeBundle(manifest, options.bundleKey, ports) : undefined
  if (signed !== undefined && outputOnly) {
    out.result(JSON.parse(signed.text), [signed.text])
    return
  }
  const side = signed === undefined || signed.sideFiles === 0 ? '' : ` and ${count(signed.sideFiles, 'side file')}`
  out.result(
    { file: manifest, keyids: signed?.keyids ?? [], sideFiles: signed?.sideFiles ?? 0, bundle: path ?? null },
    [
      ...(signed === undefined ? [] : [`envelope.json signed by ${signed.keyids.join(', ')}${side}`]),
      ...(path === undefined ? [] : [`bundle written: ${path}`]),
    ],
  )
}

/** What does not go together. */
function refuseMixture({ envelope, bundle, addToManifest, outputOnly, rootFile, bundleKey }: SignOptions): void {
  const release = envelope === true || bundle === true
  if (release && addToManifest === true) {
    throw new Fault('USAGE', 'a plain manifest holds its signature, a release manifest does not', {
      place: '--add-to-manifest',
      fix: 'sign the two files one after the other',
    })
  }
  if (bundle === true && outputOnly === true) {
    throw new Fault('USAGE', 'a bundle is a file', { place: '--output-only', fix: 'leave it out' })
  }
  if (rootFile !== undefined && envelope !== true) {
    throw new Fault('USAGE', 'the root key signs envelopes', { place: '--root-file', fix: 'add --envelope' })
  }
  if (bundleKey !== undefined && bundle !== true) {
    throw new Fault('USAGE', 'a bundle key was given without --bundle', { place: '--bundle-key', fix: 'add --bundle' })
  }
}

export const sign: Verb = (program, act) => {
  const command = program
    .command('sign')
    .description('sign a plain manifest and print the signature; or sign a release directory')
    .requiredOption(
      '--manifest <file>',
      'current.json; with --envelope or --bundle the manifest.json of a release directory',
    )
    .option('--add-to-manifest', 'write the signature into the file')
    .option('--output-only', 'print the signature, or the envelope, and nothing else')
    .option('--envelope', 'add the signatures of all keys that sign here to envelope.json beside the manifest')
    .option('--root-file <file>', 'with --envelope: sign with this root key alone, which begins a new epoch')
    .option('--bundle', 'write model.sig over all files of the directory, for OpenSSF model-signing tools')
    .option('--bundle-key <file>', 'PEM of the P-256 key that signs it (default: MANIFEST_BUNDLE_KEY)')
    .addHelpText('after', example('sign --manifest current.json --add-to-manifest'))
  addKeyOptions(command).action(
    act(async (session, options: SignOptions) => {
      refuseMixture(options)
      if (options.envelope === true || options.bundle === true) return signRelease(options, session)
      const { ports, out } = session
      const { manifest: file, addToManifest: add = false, outputOnly = false } = options
      const key = await chosenKey(options, session)
      const signature = await signFile({ file, key: key.secret, add }, ports)
      if (!outputOnly) out.note(`signed with ${key.keyid}${add ? `; written into ${file}` : ''}`)
      out.result({ file, algorithm: 'HMAC-SHA256', keyid: key.keyid, signature, added: add }, [signature])
    }),
  )
}
