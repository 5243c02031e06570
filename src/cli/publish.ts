// `ratchet publish`: a verified release directory to a published tree (release chapter, section 5).

import { refuseKilled } from '../loop/kill-guard.ts'
import { type Published, publishDirectory } from '../loop/publish-directory.ts'
import type { Verb } from './command.ts'
import { EXIT, exitCodeOf } from './exit.ts'
import { addKeyOptions, chosenRing, type KeyOptions } from './key-options.ts'
import { count, example, table } from './lines.ts'

type PublishOptions = KeyOptions & { readonly to?: string; readonly dryRun?: boolean; readonly channel?: string }

export function publishedLines({ releaseId, label, place, dryRun, steps }: Published): string[] {
  const missing = steps.filter(({ result }) => result === 'missing').length
  return [
    dryRun
      ? `would publish ${label} (${releaseId}) to ${place}: ${count(missing, 'file')} to write, then current.json and the pointer`
      : `published ${label} (${releaseId}) to ${place}`,
    ...table(steps.map(({ path, result }) => [`  ${result}`, path])),
  ]
}

export const publish: Verb = (program, act) => {
  const command = program
    .command('publish')
    .description('verify a release directory and publish it to a folder')
    .argument('<directory>', 'the release directory')
    .option('--to <folder>', 'the published tree (default: published/ in the state directory)')
    .option('--channel <name>', 'channel that the release must be for (default: the configured one)')
    .option('--dry-run', 'verify, and say what would be written')
    .addHelpText('after', example('publish candidate --to /srv/models'))
  addKeyOptions(command).action(
    act(async (session, directory: string, options: PublishOptions) => {
      const { ports, out, signal, stateDirectory } = session
      const { to = `${stateDirectory}/published`, channel = ports.settings.release.channel, dryRun = false } = options
      if (!dryRun) await refuseKilled('publish', stateDirectory, ports)
      const ring = await chosenRing(options, 'publish', session)
      const published = await publishDirectory({ directory, to, channel, ring, dryRun }, ports, signal)
      if (published.ok) {
        out.result(published.value, publishedLines(published.value))
        return EXIT.done
      }
      out.problem(published.fault)
      // Whatever is wrong with a release is a refusal here, also what would be unreadable input elsewhere.
      return exitCodeOf(published.fault.code) === EXIT.conflict ? EXIT.conflict : EXIT.refused
    }),
  )
}
