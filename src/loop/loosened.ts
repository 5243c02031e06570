// Limits of gates that stand looser than the product's own: shown for as long as they are in force (section 14 of serving).

import { settingsSchema } from './settings.ts'

export type Loosened = {
  /** `gates.maxTotalVariation`. */
  readonly key: string
  readonly value: number | boolean
  readonly standard: number | boolean
}

/** Which way a limit is looser. */
const LOOSER = {
  gates: {
    sanityVectors: 'below',
    maxTotalVariation: 'above',
    maxKlDivergence: 'above',
    replayBars: 'below',
    maxDrawdownRatio: 'above',
    minValidationSamples: 'below',
    minLossImprovement: 'below',
    minSharpeImprovement: 'below',
    latencyP95Ms: 'above',
    latencyP99Ms: 'above',
    maxMemoryMb: 'above',
    multiplicity: 'below',
    failOnNanInfinity: 'below',
  },
  'gates.floor': { minAuc: 'below', minTopDecileLift: 'below', maxEce: 'above', minEdgeBps: 'below' },
  ledger: { minDsr: 'below', maxPbo: 'above', fdr: 'above' },
  /** Live: fewer signatures than HMAC and Ed25519 are believed (`VERIFY_LOWERED`). */
  'release.verify': { acknowledgeSharedKey: 'above' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, 'above' | 'below'>>>>

type Room = keyof typeof LOOSER

type Given = { readonly gates?: object; readonly ledger?: object; readonly release?: { readonly verify?: object } }

function roomOf({ gates = {}, ledger, release }: Given, room: Room): Limits {
  const { floor, ...plain }: { readonly floor?: object } = gates
  return { ...{ gates: plain, 'gates.floor': floor, ledger, 'release.verify': release?.verify }[room] }
}

const STANDARD = settingsSchema.parse({})

type Limits = Readonly<Record<string, number | boolean | undefined>>

/**
 * @param settings as they were when the run began: keys that are newer are absent
 * @example loosenedIn({ gates: { maxTotalVariation: 0.4 } }) // [{ key: 'gates.maxTotalVariation', value: 0.4, standard: 0.2 }]
 */
export function loosenedIn(settings: Given): Loosened[] {
  return (Object.keys(LOOSER) as Room[]).flatMap(room => {
    const own = roomOf(settings, room)
    const standards = roomOf(STANDARD, room)
    return Object.entries(LOOSER[room]).flatMap(([name, looser]) => {
      const value = own[name]
      const standard = standards[name]
      if (value === undefined || standard === undefined) return []
      const differs = looser === 'above' ? value > standard : value < standard
      return differs ? [{ key: `${room}.${name}`, value, standard }] : []
    })
  })
}
