// Building blocks of signed documents' schemas, and the fault that names the first field in the way.

import { z } from 'zod'
import { accepted, type Outcome, refused } from '../base/fault.ts'

export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
export const countSchema = z.int().nonnegative()
export const roleSchema = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a role name')

/**
 * Members of any name with values of one kind. `z.record` passes over a member called `__proto__` unseen; here it is one like any
 * other, and since no name of ours is like that, it is refused.
 */
export const namedSchema = <V>(name: z.ZodType<string, string>, value: z.ZodType<V>) =>
  z
    .unknown()
    .refine(
      members => typeof members !== 'object' || members === null || !Object.hasOwn(members, '__proto__'),
      'has a member "__proto__"',
    )
    .pipe(z.record(name, value))

export type SchemaCodes = {
  readonly code?: string
  /** For a field that the schema does not know. */
  readonly unknownField?: string
  readonly place: string
}

/** The value, typed; or the first problem as a fault. */
export function fitSchema<T>(
  schema: z.ZodType<T>,
  value: unknown,
  { code = 'MANIFEST_SCHEMA', unknownField = code, place }: SchemaCodes,
): Outcome<T> {
  const result = schema.safeParse(value)
  if (result.success) return accepted(result.data)
  const issue = result.error.issues[0]!
  const field = issue.path.length === 0 ? 'the document' : issue.path.map(String).join('.')
  return refused(issue.code === 'unrecognized_keys' ? unknownField : code, `${field}: ${issue.message}`, { place })
}
