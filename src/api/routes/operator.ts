// A person's hand on entries, trainings and releases: pause, start, stop, promote, pin, unpin, block, unblock, each with a reason (SRV-72).

import { z } from 'zod'
import type { Api } from '../api.ts'
import type { Idempotency } from '../idempotency.ts'
import type { ServerOptions } from '../options.ts'
import { reasonSchema, setAsideSchema } from '../schemas/control.ts'
import { releaseDetailSchema } from '../schemas/releases.ts'
import { answerTag } from '../tag.ts'
import { commandRoutes } from './commands.ts'

const named = z.strictObject({ name: z.string().min(1).max(128) })

const KEEPING = {
  pin: 'Keep the slot with this release, which is in charge: new ones are ignored',
  unpin: 'Follow new releases again',
  resumePromotion: 'Let releases take charge by themselves again, after rollbacks that stopped it',
  block: 'Never install this release, nor its models under another version',
  unblock: 'Let this release be installed again',
} as const

type OperatorOptions = Pick<ServerOptions, 'control' | 'views'> & { readonly once: Idempotency }

export function operatorRoutes(api: Api, { control, views, once }: OperatorOptions): void {
  const post = commandRoutes(api, once)
  const tag = answerTag(releaseDetailSchema, '/api/releases/:name')
  const tagOf = async ({ name }: z.infer<typeof named>) => tag(await views.release(name))
  post(
    {
      url: '/api/trading/pause',
      summary: 'No new entries; what is open is managed and leaves as planned',
      body: reasonSchema,
      halts: true,
    },
    ({ reason }) => control.send({ type: 'pauseEntries', reason }),
  )
  post(
    {
      url: '/api/trading/flatten',
      summary: 'Close what is open and cancel what would enter; trading goes on',
      body: reasonSchema,
      halts: true,
    },
    ({ reason }) => control.send({ type: 'flatten', reason }),
  )
  post(
    {
      url: '/api/trainings/start',
      summary: 'Train now, though no training is due: as soon as there is something new to learn from',
      body: reasonSchema,
      costly: true,
    },
    ({ reason }) => control.send({ type: 'train', reason }),
  )
  post(
    { url: '/api/trainings/stop', summary: 'Stop the training that runs: nothing comes of it', body: reasonSchema },
    ({ reason }) => control.send({ type: 'stopTraining', reason }),
  )
  for (const type of ['pin', 'unpin', 'resumePromotion', 'block', 'unblock'] as const) {
    post(
      { url: `/api/releases/:name/${type}`, summary: KEEPING[type], body: reasonSchema, params: named, tagOf },
      ({ reason }, { name }) => control.send({ type, release: name, reason }),
    )
  }
  post(
    {
      url: '/api/releases/:name/promote',
      summary: 'Put this release in charge, if every gate lets it pass now',
      body: reasonSchema,
      params: named,
      tagOf,
    },
    ({ reason }, { name }) => control.send({ type: 'promote', release: name, reason }),
  )
  post(
    {
      url: '/api/releases/:name/override',
      summary:
        'Put this release in charge although these gates say no; trust, structure, schema, shapes and parity stand',
      body: setAsideSchema,
      params: named,
      tagOf,
    },
    ({ reason, gates }, { name }) => control.send({ type: 'promote', release: name, reason, override: gates }),
  )
}
