// The verbs by which a person lays a hand on releases: promote, pin and unpin, resume-promotion, block and unblock (SRV-72).

import type { Verb } from './command.ts'
import { modelsBlock, modelsUnblock } from './models-block.ts'
import { modelsPin, modelsResume, modelsUnpin } from './models-pin.ts'
import { modelsPromote } from './models-promote.ts'

export const modelsHand: Verb = (group, act) => {
  for (const verb of [modelsPromote, modelsPin, modelsUnpin, modelsResume, modelsBlock, modelsUnblock]) verb(group, act)
}
