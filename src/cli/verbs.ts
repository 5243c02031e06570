// The catalogue of verbs, in the order of `--help`.

import type { Verb } from './command.ts'
import { data } from './data.ts'
import { sync } from './sync.ts'
import { train } from './train.ts'
import { up } from './up.ts'

export const VERBS: readonly Verb[] = [up, data, train, sync]
