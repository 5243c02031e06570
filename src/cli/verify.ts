// `ratchet verify`: every check of a signed manifest file or a release directory, by name (release chapter, section 9).

import type { KeyObject } from 'node:crypto'
import { Fault, type Outcome } from '../base/fault.ts'
import { verifyFile } from '../loop/plain-file.ts'
import { bundleFiles, folderOf } from '../loop/sign-release.ts'
import { verifyDirectory } from '../loop/verify-directory.ts'
import { verifySource } from '../loop/verify-source.ts'
import { BUNDLE_CAP, BUNDLE_NAME, verifyBundle } from '../release/model-signing.ts'
import type { Check, CheckResult } from '../release/policy.ts'
import type { Verification } from '../release/verify.ts'
import { hexDigest, utcTime } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { addKeyOptions } from './key-options.ts'
import { count, example, table } from './lines.ts'
import { toDo } from './output.ts'
import { givenPublicKey, type VerifyKeyOptions, verifyKeys } from './verify-keys.ts'

type VerifyOptions = VerifyKeyOptions & { readonly verify?: string; readonly channel?: string; readonly at?: number }

type Verdict = {
  readonly outcome: Outcome<unknown>
  readonly checks: readonly Check[]
  readonly readable: boolean
  /** What was valid. */
  readonly subject: string
}

const WORDS: Readonly<Record<CheckResult, string>> = { pass: 'ok', warn: 'warn', fail: 'FAIL', notApplicable: 'n/a' }

export const checkLines = (checks: readonly Check[]): string[] =>
  table(checks.map(({ name, place, result, note }) => [`  ${WORDS[result].padEnd(4)}`, name, place, note ?? '']))

function refuseSignature({ verify }: VerifyOptions): void {
  if (verify === undefined) return
  throw new Fault('USAGE', 'a release holds its own signatures', { place: '--verify', fix: 'leave it out' })
}

const isUrl = (path: string): boolean => /^https?:\/\//i.test(path)

function releaseVerdict(verification: Verification): Verdict {
  const { checks } = verification
  if (!verification.ok) {
    const readable = !/^(DISK|FILE)_/.test(verification.fault.code)
    return { outcome: verification, checks, readable, subject: 'release' }
  }
  const { label, releaseId } = verification.value.manifest
  return { outcome: verification, checks, readable: true, subject: `release ${label} (${releaseId})` }
}

/** The bundle of a release directory, checked with the P-256 key that third-party tools check it with. */
async function bundleVerdict(path: string, directory: string, key: KeyObject, { ports }: Session): Promise<Verdict> {
  const bytes = await ports.disk.read(`${directory}/${BUNDLE_NAME}`, BUNDLE_CAP)
  const outcome = verifyBundle(bytes, await bundleFiles(directory, ports), key)
  const check = { name: 'bundle', place: outcome.ok ? path : (outcome.fault.place ?? BUNDLE_NAME) }
  return outcome.ok
    ? {
        outcome,
        checks: [{ ...check, result: 'pass', note: `${count(outcome.value.files, 'file')} as signed` }],
        readable: true,
        subject: `bundle of ${outcome.value.name}`,
      }
    : {
        outcome,
        checks: [{ ...check, result: 'fail', note: outcome.fault.message }],
        readable: true,
        subject: 'bundle',
      }
}

async function verdictOf(path: string, options: VerifyOptions, session: Session): Promise<Verdict> {
  const { ports, signal } = session
  const { at, channel = ports.settings.release.channel } = options
  const clock = at === undefined ? ports.clock : { now: () => at }
  const given = await givenPublicKey(options, session)
  if (isUrl(path)) {
    refuseSignature(options)
    if (given?.alg === 'p256')
      throw new Fault('USAGE', 'a bundle is checked where its files lie', { place: '--public' })
    const trust = await verifyKeys(options, given, session)
    return releaseVerdict(await verifySource({ place: path, ...trust, channel, clock, signal }, ports))
  }
  const found = await ports.disk.stat(path)
  if (found === undefined) throw new Fault('FILE_MISSING', 'there is nothing', { place: path, fix: 'check the path' })
  if (given?.alg === 'p256') {
    refuseSignature(options)
    const directory = found.kind === 'directory' ? path.replace(/\/+$/, '') : folderOf(path)
    return bundleVerdict(path, directory, given.key, session)
  }
  const trust = await verifyKeys(options, given, session)
  if (found.kind !== 'directory') {
    const checked = await verifyFile(path, trust.keys, options.verify, ports)
    const { outcome } = checked
    return { ...checked, subject: outcome.ok ? `manifest ${outcome.value.version}` : 'manifest' }
  }
  refuseSignature(options)
  const { verification } = await verifyDirectory({ directory: path, ...trust, channel, clock }, ports.disk)
  return releaseVerdict(verification)
}

export const verify: Verb = (program, act) => {
  const command = program
    .command('verify')
    .description('check a signed manifest or a release directory; exit code 0 valid, 1 invalid, 2 unreadable')
    .argument(
      '<path>',
      'a manifest file such as current.json, a release directory, or the https URL of a published tree',
    )
    .option('--public <key>', 'public key that must have signed: 64 hex digits or a file; a P-256 PEM checks model.sig')
    .option('--verify <hex>', 'check this signature in place of the one inside', hexDigest)
    .option('--channel <name>', 'channel that a release must be for (default: the configured one)')
    .option('--at <time>', 'check a release as of this time in UTC', utcTime)
    .addHelpText('after', example('verify current.json'))
  addKeyOptions(command).action(
    act(async (session, path: string, options: VerifyOptions) => {
      const { outcome, checks, readable, subject } = await verdictOf(path, options, session)
      if (outcome.ok) {
        session.out.result({ valid: true, subject, checks }, [`valid: ${subject}`, ...checkLines(checks)])
        return EXIT.done
      }
      const { fault } = outcome
      const lines = [
        `invalid: ${fault.code}: ${fault.message}${fault.place === undefined ? '' : ` (${fault.place})`}`,
        ...checkLines(checks),
        ...(fault.fix === undefined ? [] : [toDo(fault.fix)]),
      ]
      session.out.result({ valid: false, subject, checks, error: fault.toJSON() }, lines)
      return readable ? EXIT.refused : EXIT.usage
    }),
  )
}
