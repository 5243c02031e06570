// The program: global options, the verbs, faults as exit codes, and "did you mean".

import { Command as Commander, CommanderError } from 'commander'
import { Fault } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import { deadlineSignal } from '../base/resilience/deadline.ts'
import type { State } from '../loop/ports.ts'
import { duration, serverUrl } from './arguments.ts'
import type { GlobalOptions, Host, Run, Session, Verb } from './command.ts'
import { confirm } from './confirm.ts'
import { EXIT } from './exit.ts'
import { output } from './output.ts'
import { VERBS } from './verbs.ts'

/** Options of every command. */
export function globals(command: Commander): Commander {
  return command
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'no progress')
    .option('--config <file>', 'configuration file (default: ratchet.json)')
    .option(
      '--set <key=value>',
      'set one configuration key; may be repeated',
      (value, all: string[]) => [...all, value],
      [],
    )
    .option('--state <folder>', 'state directory (default: .ratchet)')
    .option('--url <address>', 'ask the Ratchet that runs there, such as http://127.0.0.1:8000', serverUrl)
    .option('--timeout <time>', 'give up after so long, such as 90s or 15m', duration)
    .option('--no-color', 'plain lines only, also on a terminal')
    .option('--yes', 'no question; only together with --preview-id')
    .option('--preview-id <id>', 'the preview that was read, as the command without --yes names it')
}

/** Whoever names a server does not mean the state directory of this machine. */
function here(url: string | undefined, open: () => Promise<State>): Promise<State> {
  if (url === undefined) return open()
  const fix = 'leave --url out, or ask the server by its page or API'
  return Promise.reject(
    new Fault('USAGE', 'this works on a state directory and asks no server', { place: '--url', fix }),
  )
}

/** Gives every command the global options, so that they may stand anywhere on the line. */
function spread(command: Commander): void {
  for (const child of command.commands) {
    if (child.commands.length === 0) globals(child)
    spread(child)
  }
}

/** The command line as given, for which the exit code is returned. Never throws for a Fault. */
export async function runCommandLine(
  args: readonly string[],
  host: Host,
  verbs: readonly Verb[] = VERBS,
): Promise<number> {
  let exitCode: number = EXIT.done
  const program = new Commander('ratchet')
  program
    .description('Continuous learning for trading models: train, judge, sign, publish, verify, gate, hot-swap.')
    .exitOverride()
    .configureOutput({
      writeOut: text => host.terminal.out(text),
      writeErr: text => host.terminal.err(text),
    })
    .version(host.version, '--version', 'version of the program')
    // Descriptions wrap on narrow terminals too.
    .configureHelp({ minWidthToWrap: 20 })
    .showSuggestionAfterError(true)
    .helpCommand(false)

  const act =
    <Args extends readonly unknown[]>(run: Run<Args>) =>
    async (...given: Args): Promise<void> => {
      const command = given.at(-1)
      const options: GlobalOptions = command instanceof Commander ? command.optsWithGlobals() : {}
      const { json = false, quiet = false, color, timeout, url } = options
      const out = output(host.terminal, { json, quiet, ...(color === undefined ? {} : { color }) })
      let state: Promise<State> | undefined
      let deadline: ReturnType<typeof deadlineSignal> | undefined
      try {
        const ports = await host.ports(options)
        const stateDirectory = options.state ?? host.defaultState
        if (timeout !== undefined) {
          deadline = deadlineSignal(ports.timer, timeout, '--timeout')
          deadline.signal.addEventListener('abort', () => host.overdue(), { once: true })
        }
        const session: Session = {
          ports,
          out,
          signal: deadline === undefined ? host.signal : AbortSignal.any([host.signal, deadline.signal]),
          stateDirectory,
          sampleBars: host.sampleBars,
          state: () => here(url, () => (state ??= ports.openState(stateDirectory))),
          reading: () => here(url, () => (state ??= host.readState(stateDirectory))),
          confirm: preview => confirm(preview, options, out, host.terminal),
          ask: host.terminal.ask,
          copies: host.copies,
          schema: host.schema,
          logFiles: host.logFiles,
          configuration: () => host.configuration(options),
          openPage: pageUrl => host.openPage(pageUrl),
          connect: address => host.server(address),
          server: url === undefined ? undefined : host.server(url),
        }
        exitCode = (await run(session, ...given)) ?? EXIT.done
      } catch (error) {
        exitCode = out.problem(error)
      } finally {
        deadline?.end()
        // A state that could not be opened was reported above.
        await state?.then(
          opened => opened.close(),
          () => undefined,
        )
      }
    }

  for (const verb of verbs) verb(program, act)
  spread(program)
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0 || error.code === 'commander.help') return EXIT.done
    if (args.includes('--json')) {
      const names = program.commands.map(command => command.name())
      const near = nearest(args.find(arg => !arg.startsWith('-')) ?? '', names)
      const fault = new Fault('USAGE', error.message.replace(/^error: /, ''), {
        fix: near === undefined ? 'see ratchet --help' : `see ratchet ${near} --help`,
      })
      host.terminal.out(`${JSON.stringify({ error: fault.toJSON() })}\n`)
    }
    return EXIT.usage
  }
  return exitCode
}
