// `ratchet serve`: the page and the API over a state directory, without a loop.

import { refused } from '../base/fault.ts'
import { roleHere, wholeNumber } from './arguments.ts'
import type { Verb } from './command.ts'
import { logConfiguration } from './config-summary.ts'
import { example } from './lines.ts'

/** The longest a timer can wait. */
const LONG_MS = 2 ** 31 - 1

export const serve: Verb = (program, act) => {
  program
    .command('serve')
    .description('show what a state directory holds on a page of this machine; nothing is run')
    .option('--port <n>', 'port of the page on this machine (default 8000)', wholeNumber(0))
    .option('--open', 'show the page in a browser')
    .option('--role <role>', 'what of the program runs here', roleHere('serve', ['api']))
    .addHelpText('after', example('serve --port 8080'))
    .action(
      act(async (session, options: { readonly port?: number; readonly open?: true }) => {
        const { ports, out, signal, stateDirectory, openPage } = session
        // The page only reads: what it reads is brought to the newest schema here.
        await session.state()
        logConfiguration(session)
        const window = await ports.window({
          stateDirectory,
          port: options.port ?? ports.settings.api.port,
          control: { send: async () => refused('NOT_RUNNING', 'no loop runs here', { fix: 'start one: ratchet up' }) },
        })
        try {
          out.note(`look at it: ${window.url}   state in ${stateDirectory}; Ctrl-C stops`)
          if (options.open === true && !(await openPage(window.url))) out.note(`note: no browser could be started here`)
          while (!signal.aborted) await ports.timer.sleep(LONG_MS, signal)
        } catch (cause) {
          if (!signal.aborted) throw cause
        } finally {
          await window.close()
        }
      }),
    )
}
