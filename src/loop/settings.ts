// The configuration tree: every key that something reads, with its default and range. Unknown keys are refused by the loader.

import { z } from 'zod'

const share = (fallback: number) => z.number().gt(0).lt(1).default(fallback)
const positive = (fallback: number) => z.number().positive().default(fallback)
const count = (fallback: number, least = 1) => z.int().min(least).default(fallback)

export const settingsSchema = z.strictObject({
  data: z.strictObject({ maxBadRowShare: z.number().min(0).lt(1).default(0.01) }).prefault({}),
  labels: z.strictObject({ stopAtr: positive(2), targetAtr: positive(3), maxBars: count(100) }).prefault({}),
  training: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Bars between cycles of a replay; null: by the length of the file. */
      everyBars: z.int().min(1).nullable().default(null),
      seed: z.int().min(0).default(42),
      skipFile: z.string().min(1).default('SKIP_TRAINING'),
      lookbackMonths: count(24),
      folds: count(5, 2),
      holdoutShare: share(0.2),
      embargoDays: z.number().min(0).default(1),
    })
    .prefault({}),
  tradingBot: z
    .strictObject({
      maxRiskPerTrade: z.number().positive().max(100).default(1),
      minRiskRewardRatio: positive(2),
      modelConfidenceThreshold: z.number().min(0).max(1).default(0.7),
      maxDailyLoss: z.number().gt(0).lt(1, 'fraction expected; for dollars use maxDailyLossDollars').default(0.02),
      /** Replays: the account of DEMO-01. */
      maxDrawdown: z.number().gt(0).lt(1, 'fraction expected').default(0.2),
      maxPositionSize: count(5),
      maxMiniEquivalent: positive(5),
      maxOpenPositions: count(1),
      maxTradesPerDay: count(50),
      maxTradesPerSession: count(20),
      maxConsecutiveLosses: count(3),
      cooldownMinutes: z.number().min(0).default(30),
    })
    .prefault({}),
  brain: z.strictObject({ minExpectedR: z.number().default(0.05) }).prefault({}),
  gates: z
    .strictObject({
      sanityVectors: count(200, 2),
      maxTotalVariation: positive(0.2),
      maxKlDivergence: positive(0.25),
      replayBars: count(5000),
      maxDrawdownRatio: positive(2),
      minValidationSamples: count(500),
      minLossImprovement: positive(0.05),
      minSharpeImprovement: positive(0.03),
    })
    .prefault({}),
  release: z
    .strictObject({
      channel: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens')
        .default('stable'),
      publish: z
        .strictObject({
          cdnBaseUrl: z
            .url({ protocol: /^https$/, error: 'an absolute https URL' })
            .nullable()
            .default(null),
          manifestDays: count(7),
        })
        .prefault({}),
    })
    .prefault({}),
  serving: z.strictObject({ backups: z.strictObject({ keep: count(5) }).prefault({}) }).prefault({}),
  backtest: z.strictObject({ initialCapital: z.number().min(1000).max(1e9).default(100_000) }).prefault({}),
  killSwitch: z.strictObject({ file: z.string().min(1).default('kill.txt') }).prefault({}),
  demo: z.strictObject({ warmupBars: count(756, 200) }).prefault({}),
})

export type Settings = z.infer<typeof settingsSchema>

/** Familiar environment names that reach a key. */
export const SETTING_ALIASES: Readonly<Record<string, string>> = {
  CDN_BASE_URL: 'release.publish.cdnBaseUrl',
  GATE4_SANITY_TEST_VECTORS: 'gates.sanityVectors',
  GATE4_MAX_TOTAL_VARIATION: 'gates.maxTotalVariation',
  GATE4_MAX_KL_DIVERGENCE: 'gates.maxKlDivergence',
  CLOUD_MODEL_MIN_VALIDATION_SAMPLES: 'gates.minValidationSamples',
  CLOUD_MODEL_MIN_LOSS_IMPROVEMENT: 'gates.minLossImprovement',
  CLOUD_MODEL_MIN_SHARPE_IMPROVEMENT: 'gates.minSharpeImprovement',
}
