// How a request becomes one command to the loop: its body checked, done once under its key, answered with one sentence.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Fault, type Outcome, unwrap } from '../../base/fault.ts'
import { type Api, answers } from '../api.ts'
import type { Idempotency } from '../idempotency.ts'
import { doneSchema } from '../schemas/control.ts'

const keyed = z.looseObject({
  'idempotency-key': z.string().min(1).max(200).optional(),
  'if-match': z.string().max(500).optional(),
})

/** Fault: `VERSION_CHANGED` where none of the tags is the one of now. */
function refuseOther(wanted: string, tag: string): void {
  if (wanted.trim() === '*' || wanted.split(',').some(one => one.trim() === tag)) return
  throw new Fault('VERSION_CHANGED', 'it is not as it was when you looked at it', {
    place: 'if-match',
    fix: 'look at it again and ask with the new ETag',
  })
}

type Work<Body, Params> = (body: Body, params: Params) => Promise<Outcome<string>>

type Answering = <T extends z.ZodType, P extends z.ZodType = z.ZodType>(
  asked: {
    readonly url: string
    readonly summary: string
    readonly body: T
    readonly params?: P
    /** It makes less be risked: never limited, and served before all others (API-05). */
    readonly halts?: boolean
    /** It starts work that takes minutes. */
    readonly costly?: boolean
    /** The tag of what it changes; asked only where `If-Match` names one. Absent: nothing there has a tag. */
    readonly tagOf?: (params: z.output<P>) => Promise<string>
  },
  work: Work<z.output<T>, z.output<P>>,
) => void

/** Adds routes whose refusals are those of the work. */
export function commandRoutes(api: Api, once: Idempotency): Answering {
  return ({ url, summary, body, params, halts = false, costly = false, tagOf }, work) => {
    const schema = { summary, body, headers: keyed, response: answers(doneSchema), ...(params && { params }) }
    const obey = async (request: FastifyRequest): Promise<z.infer<typeof doneSchema>> => {
      const { 'idempotency-key': key, 'if-match': wanted } = request.headers as z.infer<typeof keyed>
      const asked = [request.body, request.params] as Parameters<typeof work>
      if (wanted !== undefined && tagOf !== undefined) refuseOther(wanted, await tagOf(asked[1]))
      const name = `${url} ${JSON.stringify(params === undefined ? asked[0] : asked)}`
      return once.once(key, name, async () => ({ done: unwrap(await work(...asked)) }))
    }
    api.post(url, { config: { unlimited: halts, first: halts, costly }, schema }, request => obey(request))
  }
}
