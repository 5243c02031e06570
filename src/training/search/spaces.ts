// What may be searched in each role's model, around the defaults of section 5.

import { SIZER_DEFAULTS } from '../../models/rl/sizer.ts'
import {
  EXECUTION_DEFAULTS,
  type ExecutionOptions,
  META_DEFAULTS,
  type MetaOptions,
  SIZER_ROLE_DEFAULTS,
  type SizerRoleOptions,
} from '../options.ts'
import { checkParameters, type Parameters, type Space } from './space.ts'

export const SEARCHED_ROLES = ['meta', 'execution', 'rl_sizer'] as const
export type SearchedRole = (typeof SEARCHED_ROLES)[number]

export const ROLE_SPACES: Readonly<Record<SearchedRole, Space>> = Object.freeze({
  meta: {
    trees: { kind: 'whole', low: 25, high: 300, log: true },
    depth: { kind: 'whole', low: 2, high: 14 },
    minSplit: { kind: 'whole', low: 2, high: 40, log: true },
    minLeaf: { kind: 'whole', low: 1, high: 40, log: true },
    features: { kind: 'choice', of: ['sqrt', 'all'] },
    classWeight: { kind: 'choice', of: ['balanced', 'equal'] },
  },
  execution: {
    trees: { kind: 'whole', low: 25, high: 400, log: true },
    depth: { kind: 'whole', low: 2, high: 8 },
    rate: { kind: 'real', low: 0.01, high: 0.3, log: true },
    l2: { kind: 'real', low: 0.01, high: 100, log: true },
    patience: { kind: 'whole', low: 5, high: 40, log: true },
  },
  // What the sizer is to want - its tail, its price, its limit - is nothing to search for: any trial would win by wanting less.
  rl_sizer: {
    units: { kind: 'whole', low: 4, high: 48, log: true },
    batch: { kind: 'whole', low: 32, high: 256, log: true },
    steps: { kind: 'whole', low: 100, high: 800, log: true },
    rate: { kind: 'real', low: 0.001, high: 0.05, log: true },
    weightDecay: { kind: 'real', low: 1e-4, high: 0.3, log: true },
    patience: { kind: 'whole', low: 3, high: 12 },
  },
})

/**
 * Options of a role with parameters in the place of its defaults.
 *
 * @throws Fault `PARAM_INVALID` for what is not in the role's space
 */
export function metaOptions(parameters: Parameters): MetaOptions {
  checkParameters(ROLE_SPACES.meta, parameters, 'training.meta')
  return { ...META_DEFAULTS, ...(parameters as Partial<MetaOptions>) }
}

/** The same for the execution model. */
export function executionOptions(parameters: Parameters): ExecutionOptions {
  checkParameters(ROLE_SPACES.execution, parameters, 'training.execution')
  return { ...EXECUTION_DEFAULTS, ...(parameters as Partial<ExecutionOptions>) }
}

/** Adam's rate falls to this share of its first value, as in the defaults. */
const RATE_FALL = SIZER_DEFAULTS.rates[1] / SIZER_DEFAULTS.rates[0]

/** The same for the sizer. */
export function sizerOptions(parameters: Parameters): SizerRoleOptions & { readonly steps: number } {
  checkParameters(ROLE_SPACES.rl_sizer, parameters, 'training.rlSizer')
  const { units, rate, ...rest } = parameters
  return {
    ...SIZER_ROLE_DEFAULTS,
    steps: SIZER_DEFAULTS.steps,
    ...(rest as Partial<SizerRoleOptions>),
    ...(units === undefined ? {} : { hidden: [Number(units)] }),
    ...(rate === undefined ? {} : { rates: [Number(rate), Number(rate) * RATE_FALL] as const }),
  }
}
