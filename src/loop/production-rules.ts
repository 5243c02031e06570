// What a configuration must not say in production, one line a rule (CFG-07). What lies in files is asked at the start (`refuse-in-production.ts`).

type Asked = {
  readonly cloudSync: { readonly minGapMinutes: number }
  readonly release: {
    readonly verify: { readonly required: readonly string[] | null; readonly acknowledgeSharedKey: boolean }
  }
}

export type ProductionRule = {
  readonly path: readonly string[]
  readonly error: string
  readonly holds: (settings: Asked) => boolean
}

export const PRODUCTION_RULES: readonly ProductionRule[] = [
  {
    path: ['cloudSync', 'minGapMinutes'],
    error: 'less than 5 is for development: sources are other people’s machines',
    holds: ({ cloudSync }) => cloudSync.minGapMinutes >= 5,
  },
  {
    path: ['release', 'verify', 'required'],
    error: 'production wants ["hmac", "ed25519"], or release.verify.acknowledgeSharedKey=true if every bot may forge',
    holds: ({ release: { verify } }) =>
      verify.acknowledgeSharedKey || ['hmac', 'ed25519'].every(alg => verify.required?.includes(alg) === true),
  },
]
