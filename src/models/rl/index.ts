// The catalogue of models that learn by acting, one line per preset, and of sizers that are fitted without acting.

import { BRAIN_SIZES, categoricalPolicy } from './categorical-policy.ts'
import { constantSizer } from './constant-sizer.ts'
import { gaussianPolicy } from './gaussian-policy.ts'
import type { Policy } from './policy.ts'
import { PPO_DEFAULTS, type PpoOptions } from './ppo-options.ts'
import { fitSizer } from './sizer.ts'

export type RlPreset = {
  readonly model: 'cvar_ppo'
  readonly policy: () => Policy
  readonly options: PpoOptions
}

/** What `cvarPpo` takes beside environments and a seed. */
export const rlPresets: Readonly<Record<string, RlPreset>> = {
  brain_sizer: {
    model: 'cvar_ppo',
    policy: () => categoricalPolicy(BRAIN_SIZES),
    options: { ...PPO_DEFAULTS, hidden: [64, 64] },
  },
  rl_position_sizer: { model: 'cvar_ppo', policy: gaussianPolicy, options: PPO_DEFAULTS },
}

/** What the role `rl_sizer` ships (decision 0025): sizes by the exact gradient of mean R and CVaR, or one size whatever the row. */
export const sizers = { exact_gradient_sizer: fitSizer, constant_sizer: constantSizer } as const
