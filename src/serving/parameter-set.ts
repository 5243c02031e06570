// Parameters of strategies as a member of a release (SRV-22): signed, gated and installed with its models, each value with the bounds that it
// must lie in.

import { z } from 'zod'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { ParameterValue } from './parameter-changes.ts'

export const PARAMETERS_FILE = 'parameters.json'

const number = z.number()
const parameterShape = z.union([
  z.strictObject({ value: number, low: number, high: number }),
  z.strictObject({ value: z.string().max(64), choices: z.array(z.string().max(64)).min(1).max(64) }),
  z.strictObject({ value: z.boolean() }),
])

const setShape = z.strictObject({
  schema: z.literal('ratchet.parameters/1'),
  strategies: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/), z.record(z.string().max(64), parameterShape)),
})

export type ParameterSet = z.infer<typeof setShape>
type Parameter = z.infer<typeof parameterShape>

const inBounds = (parameter: Parameter): boolean => {
  if ('low' in parameter) return parameter.value >= parameter.low && parameter.value <= parameter.high
  return 'choices' in parameter ? parameter.choices.includes(parameter.value) : true
}

/**
 * Undefined where the release carries none. Refusals: `PARAMETERS_INVALID`, `PARAMETERS_BOUNDS` naming the first value outside.
 *
 * @example readParameters(new Map()) // { ok: true, value: undefined }
 */
export function readParameters(members: ReadonlyMap<string, Uint8Array>): Outcome<ParameterSet | undefined> {
  const bytes = members.get(PARAMETERS_FILE)
  if (bytes === undefined) return accepted(undefined)
  const parsed = parse(bytes)
  if (!parsed.ok) return parsed
  for (const [strategy, parameters] of Object.entries(parsed.value.strategies)) {
    const wrong = Object.entries(parameters).find(([, parameter]) => !inBounds(parameter))
    if (wrong === undefined) continue
    const [name, { value }] = wrong
    return refused('PARAMETERS_BOUNDS', `${strategy}.${name} is ${value}, outside its own bounds`, {
      place: PARAMETERS_FILE,
      fix: 'choose a value inside the bounds, or bounds that hold it',
    })
  }
  return parsed
}

function parse(bytes: Uint8Array): Outcome<ParameterSet> {
  try {
    const parsed = setShape.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    if (parsed.success) return accepted(parsed.data)
    const [issue] = parsed.error.issues
    return invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) return invalid('is not JSON')
    throw cause
  }
}

const invalid = (why: string): Outcome<never> =>
  refused('PARAMETERS_INVALID', `the parameters cannot be read: ${why}`, { place: PARAMETERS_FILE })

/** The values alone, for comparing. */
export const parameterValues = (set: ParameterSet | undefined): Record<string, Record<string, ParameterValue>> =>
  Object.fromEntries(
    Object.entries(set?.strategies ?? {}).map(([strategy, parameters]) => [
      strategy,
      Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value])),
    ]),
  )
