// What may be searched in each role's model, around the defaults of section 5.

import { EXECUTION_DEFAULTS, type ExecutionOptions, META_DEFAULTS, type MetaOptions } from '../options.ts'
import { checkParameters, type Parameters, type Space } from './space.ts'

export const SEARCHED_ROLES = ['meta', 'execution'] as const
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
