// `ratchet kill`, `ratchet pause` and `ratchet resume`: stop, at once and asking nobody; enter nothing for a while; and go on, with a reason
// (RSK-13).

import { Fault } from '../base/fault.ts'
import { killFile } from '../loop/kill-file.ts'
import { reasonText } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { example } from './lines.ts'

const said = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'done' in answer ? String(answer.done) : 'done'

async function pull(reason: string, { server, signal, stateDirectory, ports }: Session): Promise<string> {
  if (server !== undefined) return said(await server.post('/api/kill', { reason }, signal))
  const { disk, settings } = ports
  await disk.makeDirectory(stateDirectory, 0o700)
  await killFile(stateDirectory, settings.killSwitch.file, disk).pull(reason)
  return 'The kill file is written: the loop closes its position before its next bar and enters nothing.'
}

export const kill: Verb = (program, act) => {
  program
    .command('kill')
    .description('stop: no entries, close what is open; needs neither database nor a loop that answers')
    .option('--reason <text>', 'why', reasonText, 'no reason was given')
    .addHelpText('after', example('kill --reason "fills look wrong"'))
    .action(
      act(async (session, { reason }: { readonly reason: string }) => {
        const done = await pull(reason, session)
        session.out.result({ done }, [done, 'go on: ratchet resume --reason TEXT --url http://127.0.0.1:8000'])
      }),
    )
}

/** A word to the loop that runs at --url. */
const toLoop =
  (name: 'pause' | 'resume', description: string, why: string): Verb =>
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
          const done = said(await server.post(`/api/trading/${name}`, { reason }, signal))
          out.result({ done }, [done])
        }),
      )
  }

export const pause = toLoop(
  'pause',
  'enter nothing in the loop that runs at --url until it is resumed; what is open is managed',
  'the numbers come at nine',
)

export const resume = toLoop(
  'resume',
  'end a halt or a pause of the loop that runs at --url; what ratchet kill wrote is taken away first',
  'fills are explained',
)
