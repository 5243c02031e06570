// What another program may ask of a runtime, checked at the door: it may be written in plain JavaScript.

import { z } from 'zod'
import { Fault } from '../base/fault.ts'
import type { LogLevel } from '../base/log.ts'
import type { RuntimeTrust } from './runtime-trust.ts'

export type LogLine = {
  readonly level: LogLevel
  /** Stable and dotted: `model.swapped`. */
  readonly event: string
  readonly text: string
  readonly fields: Readonly<Record<string, unknown>>
}

export type SourceOptions =
  /** A published tree, or one release, in a folder. */
  | { readonly kind: 'files'; readonly place: string }
  /** A published tree behind a web server, a bucket or a CDN; several URLs with commas between them are mirrors. */
  | {
      readonly kind: 'manifest'
      readonly url: string
      /** Sent to the origin alone. */
      readonly apiKey?: string | undefined
      /** For development; https only otherwise. */
      readonly allowHttp?: boolean | undefined
      /** Hosts that the origin may redirect to, beside itself. */
      readonly allowedHosts?: readonly string[] | undefined
      /** 60 where absent. */
      readonly requestsPerMinute?: number | undefined
    }

export type RuntimeOptions = {
  /** Folder that keeps models, history and marks; made where it is missing. One runtime at a time. */
  readonly stateDir: string
  readonly source: SourceOptions
  /** One key or several; of each kind that is named a signature must be there. */
  readonly trust: RuntimeTrust
  /** What this program trades: releases for anything else are refused. */
  readonly symbol: string
  /** `stable` where absent. */
  readonly channel?: string | undefined
  /** From one pass over the source to the next, 1 to 1440; 15 where absent. */
  readonly pollMinutes?: number | undefined
  /** Whether no position is open: a swap waits for it. Throwing and not answering count as no. Absent: a swap waits for nothing. */
  readonly isFlat?: (() => boolean | Promise<boolean>) | undefined
  /** Between two questions to `isFlat`; 5 where absent. */
  readonly flatPollSeconds?: number | undefined
  /** Until a swap that waits is given up and tried again at a later pass; 240 where absent. */
  readonly maxWaitMinutes?: number | undefined
  /** A set that has left charge stays in memory so long; a third swap within that time waits. 5 where absent. */
  readonly keepWarmMinutes?: number | undefined
  /** Nothing is printed; this is where log lines go. */
  readonly onLog?: ((line: LogLine) => void) | undefined
}

const callable = z.custom<unknown>(value => typeof value === 'function', 'a function is expected')
const text = z.string().min(1)
const KINDS = ['hmacKey', 'botKey', 'publicKey'] as const
/** What goes with one kind of key only. */
const ONLY = { keyid: 'hmacKey', use: 'publicKey' } as const

const key = z
  .strictObject({
    hmacKey: z.string().optional(),
    keyid: text.optional(),
    botKey: z.string().optional(),
    publicKey: z.string().optional(),
    use: z.enum(['release', 'root', 'pointer']).optional(),
    revoked: z.boolean().optional(),
  })
  .superRefine((given, context) => {
    const issue = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path })
    const kinds = KINDS.filter(kind => given[kind] !== undefined)
    if (kinds.length !== 1) issue(`one of ${KINDS.join(', ')} is expected`)
    for (const name of ['keyid', 'use'] as const) {
      if (given[name] !== undefined && kinds[0] !== ONLY[name]) issue(`goes with ${ONLY[name]} only`, [name])
    }
  })

const schemaFor = (several: boolean) =>
  z.strictObject({
    stateDir: text,
    source: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('files'), place: text }),
      z.strictObject({
        kind: z.literal('manifest'),
        url: text,
        apiKey: text.optional(),
        allowHttp: z.boolean().optional(),
        allowedHosts: z.array(text).optional(),
        requestsPerMinute: z.int().min(1).optional(),
      }),
    ]),
    // Asked beforehand, so that what is wrong is named where it stands.
    trust: several ? z.array(key).min(1) : key,
    symbol: text,
    channel: text.optional(),
    pollMinutes: z.number().min(1).max(1440).optional(),
    isFlat: callable.optional(),
    flatPollSeconds: z.number().positive().optional(),
    maxWaitMinutes: z.number().positive().optional(),
    keepWarmMinutes: z.number().min(0).max(1440).optional(),
    onLog: callable.optional(),
  })

/** The options as they were given. Fault: `OPTIONS_INVALID`, naming each that is missing, unknown or of the wrong kind; never their values. */
export function checkedOptions(options: RuntimeOptions): RuntimeOptions {
  const several = Array.isArray((options as Partial<RuntimeOptions> | undefined)?.trust)
  const { error } = schemaFor(several).safeParse(options)
  if (error === undefined) return options
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`)
  throw new Fault('OPTIONS_INVALID', problems.join('; '), { place: 'openRuntime' })
}
