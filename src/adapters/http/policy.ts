// The resilience of HTTP sources: the house's policy with HTTP's failures.

import { type Policy, type PolicyOptions, resiliencePolicy } from '../../base/resilience/policy.ts'
import { failureKind } from './failure-kind.ts'

/** One for all sources of a process: its limits are per host. */
export const httpPolicy = (options: Omit<PolicyOptions, 'kindOf'>): Policy =>
  resiliencePolicy({ ...options, kindOf: failureKind })
