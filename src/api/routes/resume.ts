// The way back from a halt, a pause or the kill switch, in two steps: what would end is looked at, and only that is ended (RSK-13).

import { canonicalJson } from '../../base/canonical-json.ts'
import { accepted, Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import type { Views } from '../../loop/views/index.ts'
import { stopsTrading } from '../../trading/kill-scopes.ts'
import { type Api, answers } from '../api.ts'
import type { Idempotency } from '../idempotency.ts'
import type { ServerOptions } from '../options.ts'
import { resumePreviewSchema, resumeTradingSchema } from '../schemas/control.ts'
import { commandRoutes } from './commands.ts'

type ResumeOptions = Pick<ServerOptions, 'control' | 'kill' | 'views'> & { readonly once: Idempotency }

/** What stands still now and why; the id changes with any of it. */
async function previewOf(views: Views) {
  const { killed, risk, live } = await views.status()
  const paused = live?.entriesPaused
  const ends = [
    ...(killed === null ? [] : [`the kill switch: ${killed.reason}`]),
    ...(risk?.state === 'HALTED' ? [`the halt: ${risk.cause}`] : []),
    ...(paused === undefined ? [] : [`the pause of entries: ${paused}`]),
  ]
  return { ends, previewId: sha256(canonicalJson(ends)).slice(0, 12) }
}

export function resumeRoutes(api: Api, { control, kill, views, once }: ResumeOptions): void {
  const post = commandRoutes(api, once)
  const url = '/api/trading/resume'
  api.get(
    url,
    {
      schema: {
        summary: 'What a resumption would end, and the id that confirms it',
        response: answers(resumePreviewSchema),
      },
    },
    () => previewOf(views),
  )
  post(
    {
      url,
      summary: 'End what was looked at: a halt, a pause of entries, and first of all what the kill switch wrote',
      body: resumeTradingSchema,
    },
    async ({ reason, previewId }) => {
      if (previewId !== (await previewOf(views)).previewId) {
        throw new Fault('PREVIEW_STALE', 'what would be ended is not what was looked at', {
          place: 'previewId',
          fix: `look again: GET ${url}`,
        })
      }
      const pulled = await kill.pulled()
      // Without a kill file a halt still stands: only the loop ends it.
      const lifted = await kill.lift()
      // Trading went on all the time: there is nothing for the loop to end.
      if (lifted.ok && pulled !== undefined && !stopsTrading(pulled))
        return accepted(`${pulled.scopes.join(' and ')} may go on`)
      return lifted.ok ? control.send({ type: 'resumeTrading', reason }) : lifted
    },
  )
}
