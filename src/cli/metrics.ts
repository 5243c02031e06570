// `ratchet metrics`: what a running Ratchet measures of itself (OBS-04).

import { Fault } from '../base/fault.ts'
import type { Verb } from './command.ts'
import { example, table } from './lines.ts'

type Tree = Readonly<Record<string, unknown>>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Figures by their path; lists in JSON. */
const leaves = (tree: Tree, path = ''): string[][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, JSON.stringify(value)]],
  )

export const metrics: Verb = (program, act) => {
  program
    .command('metrics')
    .description('show what the Ratchet that --url names measures of itself')
    .addHelpText('after', example('metrics --url http://127.0.0.1:8000 --json'))
    .action(
      act(async ({ out, server, signal }) => {
        if (server === undefined) {
          throw new Fault('USAGE', 'nobody was named who measures', {
            place: '--url',
            fix: 'name the running Ratchet: --url http://127.0.0.1:8000',
          })
        }
        const measured = await server.get('/api/metrics.json', signal)
        if (!isTree(measured)) throw new Fault('SERVER_ANSWER', 'the answer is no object', { place: server.url })
        out.result(measured, table(leaves(measured)))
      }),
    )
}
