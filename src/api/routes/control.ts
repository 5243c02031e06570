// Requests that change something: each one command to the loop, and its answer; the kill switch asks nobody.

import type { z } from 'zod'
import { pullKill } from '../../loop/kill-file.ts'
import type { RunCommand } from '../../loop/run-control.ts'
import { type Api, answers } from '../api.ts'
import type { Idempotency } from '../idempotency.ts'
import type { ServerOptions } from '../options.ts'
import { doneSchema, drillSchema, killSchema, replayCommandSchema, rollbackSchema } from '../schemas/control.ts'
import { commandRoutes } from './commands.ts'

type Replay = z.infer<typeof replayCommandSchema>

/** The body says `action` where a command says `type`; all else is the same. */
const commandOf = ({ action, ...rest }: Replay): RunCommand => ({ type: action, ...rest }) as RunCommand

type ControlOptions = Pick<ServerOptions, 'control' | 'kill'> & { readonly once: Idempotency }

export function controlRoutes(api: Api, { control, kill, once }: ControlOptions): void {
  const post = commandRoutes(api, once)

  post({ url: '/api/replay', summary: 'Pause, continue, speed, jump, restart', body: replayCommandSchema }, body =>
    control.send(commandOf(body)),
  )
  post({ url: '/api/drills', summary: 'Rehearse a fault against the real door', body: drillSchema }, ({ name }) =>
    control.send({ type: 'drill', name }),
  )
  post(
    { url: '/api/releases/rollback', summary: 'Take the release in charge back', body: rollbackSchema },
    ({ reason, to }) => control.send({ type: 'rollback', reason, to }),
  )
  // No form is asked for: whoever can reach the server at all can stop it (RSK-13).
  api.post(
    '/api/kill',
    {
      config: { anyBody: true, unlimited: true, first: true },
      schema: {
        summary: 'Stop: no entries, close what is open. Works while the loop is busy or gone',
        body: killSchema.partial().nullish().catch(null),
        response: answers(doneSchema),
      },
    },
    async ({ body }) => {
      return { done: await pullKill(kill, body?.reason, body?.scopes) }
    },
  )
}
