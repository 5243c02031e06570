// `/readyz`: each part with what goes on while it is not well.

import { z } from 'zod'

export const componentSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'degraded', 'unknown', 'down']),
  detail: z.string(),
  degradedMode: z.string().describe('what goes on while it is not ok'),
})
export type Component = Readonly<z.infer<typeof componentSchema>>

export const readySchema = z.object({ ready: z.boolean(), components: z.array(componentSchema) })
export type Ready = z.infer<typeof readySchema>
