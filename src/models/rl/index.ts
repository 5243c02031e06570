// The catalogue of models that learn by acting: one line per preset.

import { BRAIN_SIZES, categoricalPolicy } from './categorical-policy.ts'
import { gaussianPolicy } from './gaussian-policy.ts'
import type { Policy } from './policy.ts'
import { PPO_DEFAULTS, type PpoOptions } from './ppo-options.ts'

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
