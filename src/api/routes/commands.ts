// How a request becomes one command to the loop: its body checked, done once under its key, answered with one sentence.

import { z } from 'zod'
import { type Outcome, unwrap } from '../../base/fault.ts'
import { type Api, answers } from '../api.ts'
import type { Idempotency } from '../idempotency.ts'
import { doneSchema } from '../schemas/control.ts'

const keyed = z.looseObject({ 'idempotency-key': z.string().min(1).max(200).optional() })

type Work<Body, Params> = (body: Body, params: Params) => Promise<Outcome<string>>

type Answering = <T extends z.ZodType, P extends z.ZodType = z.ZodType>(
  asked: {
    readonly url: string
    readonly summary: string
    readonly body: T
    readonly params?: P
    /** It makes less be risked: never limited, and served before all others (API-05). */
    readonly halts?: boolean
  },
  work: Work<z.output<T>, z.output<P>>,
) => void

/** Adds routes whose refusals are those of the work. */
export function commandRoutes(api: Api, once: Idempotency): Answering {
  return ({ url, summary, body, params, halts = false }, work) => {
    const schema = { summary, body, headers: keyed, response: answers(doneSchema), ...(params && { params }) }
    api.post(url, { config: { unlimited: halts, first: halts }, schema }, request => {
      const { 'idempotency-key': key } = request.headers as z.infer<typeof keyed>
      const asked = [request.body, request.params] as Parameters<typeof work>
      const name = `${url} ${JSON.stringify(params === undefined ? asked[0] : asked)}`
      return once.once(key, name, async () => ({ done: unwrap(await work(...asked)) }))
    })
  }
}
