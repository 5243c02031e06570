// Requests that change something: each one command to the loop, and its answer; the kill switch asks nobody.

import { z } from 'zod'
import { type Outcome, unwrap } from '../../base/fault.ts'
import type { RunCommand } from '../../loop/run-control.ts'
import { type Api, answers } from '../api.ts'
import type { Idempotency } from '../idempotency.ts'
import type { ServerOptions } from '../options.ts'
import {
  doneSchema,
  drillSchema,
  killSchema,
  replayCommandSchema,
  resumeTradingSchema,
  rollbackSchema,
} from '../schemas/control.ts'

type Replay = z.infer<typeof replayCommandSchema>

/** The body says `action` where a command says `type`; all else is the same. */
const commandOf = ({ action, ...rest }: Replay): RunCommand => ({ type: action, ...rest }) as RunCommand

const keyed = z.looseObject({ 'idempotency-key': z.string().min(1).max(200).optional() })

type ControlOptions = Pick<ServerOptions, 'control' | 'kill'> & { readonly once: Idempotency }

export function controlRoutes(api: Api, { control, kill, once }: ControlOptions): void {
  const post = <T extends z.ZodType>(
    url: string,
    summary: string,
    body: T,
    work: (body: z.output<T>) => Promise<Outcome<string>>,
  ) => {
    const answer = async (asked: z.output<T>, key: string | undefined) =>
      once.once(key, `${url} ${JSON.stringify(asked)}`, async () => ({ done: unwrap(await work(asked)) }))
    api.post(url, { schema: { summary, body, headers: keyed, response: answers(doneSchema) } }, request => {
      const { 'idempotency-key': key } = request.headers as z.infer<typeof keyed>
      return answer(request.body as z.output<T>, key)
    })
  }

  post('/api/replay', 'Pause, continue, speed, jump, restart', replayCommandSchema, body =>
    control.send(commandOf(body)),
  )
  post('/api/drills', 'Rehearse a fault against the real door', drillSchema, ({ name }) =>
    control.send({ type: 'drill', name }),
  )
  post('/api/releases/rollback', 'Take the release in charge back', rollbackSchema, ({ reason, to }) =>
    control.send({ type: 'rollback', reason, to }),
  )
  post(
    '/api/trading/resume',
    'End a halt; what the kill switch wrote is taken away first',
    resumeTradingSchema,
    async ({ reason }) => {
      // Without a kill file a halt still stands: only the loop ends it.
      const lifted = await kill.lift()
      return lifted.ok ? control.send({ type: 'resumeTrading', reason }) : lifted
    },
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
      await kill.pull(body?.reason ?? 'no reason was given')
      return { done: 'The kill file is written: the loop closes its position before its next bar and enters nothing.' }
    },
  )
}
