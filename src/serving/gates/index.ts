// All gates, cheapest first. G8 looks at what the others measured, so it stands after them.

import { trust } from './g1-trust.ts'
import { structure } from './g2-structure.ts'
import { schema } from './g3-schema.ts'
import { shapes } from './g4-shapes.ts'
import { parity } from './g5-parity.ts'
import { sanity } from './g6-sanity.ts'
import { divergence } from './g7-divergence.ts'
import { finite } from './g8-finite.ts'
import { replay } from './g9-replay.ts'
import { improvement } from './g10-improvement.ts'
import { latency } from './g11-latency.ts'
import { floor } from './g12-floor.ts'
import { multiplicity } from './g13-multiplicity.ts'
import type { Gate } from './gate.ts'

/** The first four decide whether the rest can be asked at all: after one of them fails nothing else runs. */
export const PRECONDITIONS: ReadonlySet<string> = new Set(['G1', 'G2', 'G3', 'G4'])

export const GATES: readonly Gate[] = [
  trust,
  structure,
  schema,
  shapes,
  parity,
  sanity,
  divergence,
  replay,
  improvement,
  finite,
  latency,
  floor,
  multiplicity,
]
