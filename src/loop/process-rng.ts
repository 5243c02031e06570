// Randomness that differs from process to process, so that many bots do not ask in the same moment.

import { type Rng, seededRng } from '../base/rng.ts'
import type { Ports } from './ports.ts'

/** Of jitter and waits only: what is computed must be repeatable. */
export const processRng = ({ host }: Pick<Ports, 'host'>): Rng => seededRng(Object.values(host.self).join('/'))
