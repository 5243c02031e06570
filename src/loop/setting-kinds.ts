// Kinds of values that keys of the configuration have: with what each is when nobody sets it.

import { z } from 'zod'

export const share = (fallback: number) => z.number().gt(0).lt(1).default(fallback)
export const positive = (fallback: number) => z.number().positive().default(fallback)
export const days = z.number().positive().nullable().default(null)
/** Null: as the kind of account has it, because replays of bars have another one. */
export const ofAccount = <Value extends z.ZodType>(value: Value, own: string) =>
  value.nullable().default(null).describe(`null: ${own}`)
export const dollars = (own: number) => ofAccount(z.number().positive(), `${own}; none in replays of bars`)
export const count = (fallback: number, least = 1) => z.int().min(least).default(fallback)
/** Switches are set to 0 and 1 in environments. */
export const flag = (fallback: boolean) =>
  z.union([z.boolean(), z.literal([0, 1]).transform(value => value === 1)], 'true or false').default(fallback)
/** Without a user and password: secrets are variables, and the configuration is shown. */
export const webUrl = (protocol = /^https?$/, error = 'an absolute http(s) URL') =>
  z.url({ protocol, error }).refine(text => !/^\w+:\/\/[^/]*@/.test(text), 'a URL without user and password')
export const vendorUrl = (fallback: string) => webUrl().default(fallback)

/** A file that is rewritten: below the state directory, and nothing that lies there already. */
export const imageFile = (fallback: string) =>
  z
    .string()
    .regex(/^config\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json$/, 'a .json file in config/ is expected')
    .default(fallback)
