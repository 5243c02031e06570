// `ratchet verify`: every check of a signed manifest file or a release directory, by name (release chapter, section 9).

import { Fault, type Outcome } from '../base/fault.ts'
import { verifyFile } from '../loop/plain-file.ts'
import { verifyDirectory } from '../loop/verify-directory.ts'
import type { Check, CheckResult } from '../release/policy.ts'
import { hexDigest, utcTime } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { addKeyOptions, chosenKey, type KeyOptions } from './key-options.ts'
import { example, table } from './lines.ts'
import { toDo } from './output.ts'

type VerifyOptions = KeyOptions & { readonly verify?: string; readonly channel?: string; readonly at?: number }

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

async function verdictOf(path: string, options: VerifyOptions, session: Session): Promise<Verdict> {
  const { ports } = session
  const found = await ports.disk.stat(path)
  if (found === undefined) throw new Fault('FILE_MISSING', 'there is nothing', { place: path, fix: 'check the path' })
  const key = await chosenKey(options, 'verify', session)
  if (found.kind !== 'directory') {
    const checked = await verifyFile(path, key.secret, options.verify, ports)
    const { outcome } = checked
    return { ...checked, subject: outcome.ok ? `manifest ${outcome.value.version}` : 'manifest' }
  }
  if (options.verify !== undefined) {
    throw new Fault('USAGE', 'a release directory holds its own signatures', { place: '--verify', fix: 'leave it out' })
  }
  const { at, channel = ports.settings.release.channel } = options
  const clock = at === undefined ? ports.clock : { now: () => at }
  const { verification } = await verifyDirectory({ directory: path, keys: [key], channel, clock }, ports.disk)
  const { checks } = verification
  if (!verification.ok) {
    const readable = !/^(DISK|FILE)_/.test(verification.fault.code)
    return { outcome: verification, checks, readable, subject: 'release' }
  }
  const { label, releaseId } = verification.value.manifest
  return { outcome: verification, checks, readable: true, subject: `release ${label} (${releaseId})` }
}

export const verify: Verb = (program, act) => {
  const command = program
    .command('verify')
    .description('check a signed manifest or a release directory; exit code 0 valid, 1 invalid, 2 unreadable')
    .argument('<path>', 'a manifest file such as current.json, or a release directory')
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
