// What is said to the process that holds ONNX Runtime, and what it may answer. The answer comes from where a hostile model ran.

import { z } from 'zod'

export type RuntimeRequest =
  /** Body: the model's bytes. */
  | { readonly kind: 'load'; readonly id: number }
  /** Body: `count` rows, row-major. Its answer's body: the first output, row-major. */
  | { readonly kind: 'run'; readonly id: number; readonly count: number }
  /**
   * Body: `rows` rows of each model, one model after the other. Each turn asks every model for one row, the rows in a circle; the
   * answer's body holds the milliseconds of each turn after the first `untimed`.
   */
  | {
      readonly kind: 'time'
      readonly models: readonly { readonly id: number; readonly width: number }[]
      readonly rows: number
      readonly untimed: number
      readonly turns: number
    }
  | { readonly kind: 'release'; readonly id: number }

/** Frame heads of the process; the first one is sent unasked, when the runtime is loaded. */
export const runtimeReply = z.discriminatedUnion('ok', [
  z.strictObject({
    ok: z.literal(true),
    /** What the request took, without the pipe. */
    ms: z.number().min(0),
  }),
  z.strictObject({ ok: z.literal(false), reason: z.string().max(8_192) }),
])

export type RuntimeReply = z.infer<typeof runtimeReply>
