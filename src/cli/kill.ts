// `ratchet kill`, `pause`, `flatten` and `resume`: stop, at once and asking nobody; enter nothing for a while; close what is open; and go on,
// with a reason (RSK-13).

import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { Fault } from '../base/fault.ts'
import type { Server } from '../base/server.ts'
import { killFile, pullKill } from '../loop/kill-file.ts'
import { KILL_SCOPES, type KillScope, scopesIn } from '../trading/kill-scopes.ts'
import { reasonText } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { example } from './lines.ts'

type KillOptions = { readonly reason: string; readonly scope?: readonly KillScope[] }

const said = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'done' in answer ? String(answer.done) : 'done'

async function pull({ reason, scope = [] }: KillOptions, session: Session): Promise<string> {
  const { server, signal, stateDirectory, ports } = session
  if (server !== undefined) return said(await server.post('/api/kill', { reason, scopes: scope }, signal))
  const { disk, settings } = ports
  await disk.makeDirectory(stateDirectory, 0o700)
  return pullKill(killFile(stateDirectory, settings.killSwitch.file, disk), reason, scope)
}

/** A name that is none is told to whoever typed it; in a file it would stop all that trades. */
function scopesText(text: string): readonly KillScope[] {
  const names = text.split(',').map(name => name.trim())
  const unknown = names.find(name => !KILL_SCOPES.some(scope => scope === name))
  if (unknown === undefined) return scopesIn(text)
  throw new InvalidArgumentError(`${unknown} is no scope; choose from ${KILL_SCOPES.join(', ')}.`)
}

export const kill: Verb = (program, act) => {
  program
    .command('kill')
    .description('stop: no entries, close what is open; needs neither database nor a loop that answers')
    .option('--reason <text>', 'why', reasonText, 'no reason was given')
    .option(
      '--scope <names>',
      `what to stop, by commas: ${KILL_SCOPES.join(', ')} (default: the first three)`,
      scopesText,
    )
    .addHelpText('after', example('kill --reason "fills look wrong"'))
    .action(
      act(async (session, options: KillOptions) => {
        const done = await pull(options, session)
        session.out.result({ done }, [done, 'go on: ratchet resume --reason TEXT --url http://127.0.0.1:8000'])
      }),
    )
}

/** A word to the loop that runs at --url. @param step what comes before it; what it gives goes with the word */
const toLoop =
  (
    name: 'pause' | 'flatten' | 'resume',
    description: string,
    why: string,
    step: (server: Server, session: Session) => Promise<object> = async () => ({}),
  ): Verb =>
  (program, act) => {
    program
      .command(name)
      .description(description)
      .requiredOption('--reason <text>', 'why; it goes into the record of the run', reasonText)
      .addHelpText('after', example(`${name} --reason "${why}" --url http://127.0.0.1:8000`))
      .action(
        act(async (session, { reason }: { readonly reason: string }) => {
          const { server, signal, out } = session
          if (server === undefined) {
            throw new Fault('USAGE', `only a loop that runs can ${name}`, {
              place: '--url',
              fix: 'name it: --url http://127.0.0.1:8000',
            })
          }
          const more = await step(server, session)
          const done = said(await server.post(`/api/trading/${name}`, { reason, ...more }, signal))
          out.result({ done }, [done])
        }),
      )
  }

export const pause = toLoop(
  'pause',
  'enter nothing in the loop that runs at --url until it is resumed; what is open is managed',
  'the numbers come at nine',
)

export const flatten = toLoop(
  'flatten',
  'close what is open in the loop that runs at --url and cancel what would enter; trading goes on',
  'rather flat over the weekend',
  async (_, { confirm }) => {
    await confirm({
      command: 'flatten',
      lines: ['what is open is closed at the next open'],
      facts: {},
      word: 'flatten',
    })
    return {}
  },
)

const previewSchema = z.object({ ends: z.array(z.string()), previewId: z.string() })

/** Shows what would end, and wants the word typed or the id of the preview: no other state of things is resumed. */
async function lookFirst(server: Server, { signal, confirm }: Session): Promise<{ readonly previewId: string }> {
  const { ends, previewId } = previewSchema.parse(await server.get('/api/trading/resume', signal))
  const lines = ends.length === 0 ? ['nothing stands still'] : ends.map(one => `this ends: ${one}`)
  await confirm({ command: 'resume', lines, facts: { previewId, url: server.url }, word: 'resume' })
  return { previewId }
}

export const resume = toLoop(
  'resume',
  'end a halt or a pause of the loop that runs at --url, once you have seen which; what ratchet kill wrote is taken away first',
  'fills are explained',
  lookFirst,
)
