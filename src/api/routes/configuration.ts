// Reading the configuration again, or seeing what that would change (CFG-08).

import { z } from 'zod'
import type { Api } from '../api.ts'
import type { Idempotency } from '../idempotency.ts'
import type { ServerOptions } from '../options.ts'
import { commandRoutes } from './commands.ts'

const nothing = z.strictObject({})

type ConfigurationOptions = Pick<ServerOptions, 'control'> & { readonly once: Idempotency }

export function configurationRoutes(api: Api, { control, once }: ConfigurationOptions): void {
  const post = commandRoutes(api, once)
  for (const [act, summary] of [
    ['check', 'What reading the configuration again would change'],
    ['reload', 'Read the configuration again: what is safe changes at once, the rest is named'],
  ] as const) {
    post({ url: `/api/config/${act}`, summary, body: nothing }, () => control.send({ type: 'configuration', act }))
  }
}
