// The configuration tree: every key that something reads, with its default and range. Unknown keys are refused by the loader.

import { z } from 'zod'
import { LOG_LEVELS } from '../base/log.ts'
import { declaredInstruments } from '../market/declared-instrument.ts'
import { DEFAULT_LIMITS } from '../trading/limits.ts'
import { PRODUCTION_RULES } from './production-rules.ts'
import { count, days, dollars, flag, ofAccount, positive, share, vendorUrl, webUrl } from './setting-kinds.ts'
import { sourceRooms } from './settings-sources.ts'

/** DATA-03. */
const DEFAULT_SERIES = ['GDP', 'UNRATE', 'CPIAUCSL', 'DFF', 'DGS10', 'DEXUSEU', 'HOUST', 'INDPRO', 'PAYEMS', 'UMCSENT']

const tree = z.strictObject({
  /** Production is stricter about what it starts with (CFG-07). `tradingBot.mode` is another thing. */
  mode: z.enum(['development', 'production']).default('development'),
  data: z
    .strictObject({
      maxBadRowShare: z.number().min(0).lt(1).default(0.01),
      /** Days with a larger share of their bars missing give no labels. */
      maxGapShare: share(0.15),
      /** Table of scheduled news, in the state directory where the path is relative (RSK-02). */
      newsFile: z.string().min(1).default('data/news.csv'),
      /** Its key is POLYGON_API_KEY, never part of the configuration. */
      polygon: z
        .strictObject({ baseUrl: vendorUrl('https://api.polygon.io'), requestsPerMinute: count(100) })
        .prefault({}),
      /** Its key is FRED_API_KEY. */
      fred: z
        .strictObject({
          baseUrl: vendorUrl('https://api.stlouisfed.org/fred'),
          requestsPerMinute: count(120),
          series: z.array(z.string().min(1)).min(1).default(DEFAULT_SERIES),
        })
        .prefault({}),
      /** Beyond these, data is expired; of polygon and topstepx only time in which the market trades counts (DATA-08). */
      maxAgeSeconds: z
        .strictObject({
          polygon: positive(300),
          topstepx: positive(300),
          fred: positive(3600),
          file: positive(86_400),
          internal: positive(86_400),
          model: positive(86_400),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Beside ES, MES, NQ, MNQ and SPX, which are built in (INS-01). */
  instruments: declaredInstruments,
  labels: z
    .strictObject({
      stopAtr: positive(2),
      targetAtr: positive(3),
      maxBars: count(100),
      /** Age at which a row weighs half in a training; null: 60 days, 730 on daily bars (LABEL-07). */
      recencyHalfLifeDays: z.number().gt(0).nullable().default(null),
    })
    .prefault({}),
  training: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** By the clock: one slot each so many minutes, counted from midnight UTC where they divide the day. */
      intervalMinutes: z.int().min(1).max(1440).default(30),
      /** Bars between cycles of a replay; null: by the length of the file. */
      everyBars: z.int().min(1).nullable().default(null),
      seed: z.int().min(0).default(42),
      /** What networks may train on. The models of a release are fitted on the CPU, bit for bit, whatever this says (TENSOR-04). */
      device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
      /** Threads that a fit may use; null: one less than the machine has cores. The same models come of any number. */
      threads: z.int().min(1).max(256).nullable().default(null),
      skipFile: z.string().min(1).default('SKIP_TRAINING'),
      /** By the clock: wall time after which a training is cancelled (`TRAIN_DEADLINE`). */
      deadlineMinutes: positive(25),
      lookbackMonths: count(24),
      /** More candidate rows are thinned evenly in time. */
      maxRows: count(200_000, 100),
      /** Floors of a live release (SPLIT-03); a paper one that is below them is marked thin. */
      minRows: count(500),
      minRowsPerClass: count(30),
      minTradesPerFold: count(10),
      /** Expanding folds, windows that roll on, or every pair of `folds` + 1 blocks (SPLIT-01). */
      scheme: z.enum(['expanding', 'rolling', 'combinatorial']).default('expanding'),
      rolling: z
        .strictObject({ trainDays: positive(30), validateDays: positive(7), stepDays: positive(7) })
        .prefault({}),
      folds: count(5, 2),
      holdoutShare: share(0.2),
      embargoDays: z.number().min(0).default(1),
      /** A release in charge that is older is told of. */
      maxModelAgeHours: positive(24),
      /** `memoryMb`: resident, of the process that trains. */
      budget: z.strictObject({ cpuMinutesPerDay: positive(240), memoryMb: count(2048, 256) }).prefault({}),
    })
    .prefault({}),
  drift: z
    .strictObject({
      adwinDelta: share(0.002),
      psiWarn: positive(0.2),
      psiTrigger: positive(0.3),
      klWarn: positive(0.1),
      klTrigger: positive(0.2),
      /** Outcomes of a model before a training is asked for. */
      minOutcomes: count(100),
      cooldownMinutes: z.number().min(0).default(120),
      /** Accelerated replays: cycles that drift asks for come beside the 48 of SCHED-01, so somebody has to want them. */
      inReplay: z.boolean().default(false),
    })
    .refine(({ psiWarn, psiTrigger, klWarn, klTrigger }) => psiWarn <= psiTrigger && klWarn <= klTrigger, {
      error: 'a warning must not be above its trigger',
    })
    .prefault({}),
  tradingBot: z
    .strictObject({
      maxRiskPerTrade: z.number().positive().max(100).default(1),
      minRiskRewardRatio: positive(2),
      modelConfidenceThreshold: z.number().min(0).max(1).default(0.7),
      maxDailyLoss: z.number().gt(0).lt(1, 'fraction expected; for dollars use maxDailyLossDollars').default(0.02),
      maxDrawdown: ofAccount(
        z.number().gt(0).lt(1, 'fraction expected; for dollars use maxDrawdownDollars'),
        '0.05; 0.2 in replays of bars',
      ),
      /** Dollar limits beside the fractions; the smaller in dollars binds. */
      maxDailyLossDollars: dollars(1000),
      maxWeeklyLossDollars: dollars(3000),
      maxDrawdownDollars: dollars(2000),
      /** Planned at the stops of all positions that move together (RSK-08). */
      maxCorrelatedLossDollars: dollars(1000),
      /** Whoever trades by the clock; a replay of bars trades what it replays. */
      allowedSymbols: z
        .array(z.string().min(1))
        .min(1)
        .default([...DEFAULT_LIMITS.allowedSymbols]),
      /** What the drawdown is measured from: the highest equity, or the highest balance that a day ended with (RSK-17). */
      drawdownMode: z.enum(['intraday', 'endOfDay']).default('intraday'),
      /** Shown beside the limits; nothing acts on it. */
      profitTargetDollars: z.number().positive().nullable().default(null),
      /** Limits of a kind of account, below everything that is set by itself. */
      profile: z.enum(['prop50k']).nullable().default(null),
      maxPositionSize: count(5),
      maxMiniEquivalent: positive(5),
      maxOpenPositions: count(1),
      maxTradesPerDay: count(50),
      maxTradesPerSession: count(20),
      maxConsecutiveLosses: count(3),
      cooldownMinutes: z.number().min(0).default(30),
      ordersPerMinute: count(10),
      ordersPerHour: count(100),
      minutesBeforeClose: z.number().min(0).default(10),
      newsMinutesBefore: z.number().min(0).default(2),
      newsMinutesAfter: z.number().min(0).default(3),
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
      /** Of a decision, measured in a process of its own. */
      latencyP95Ms: positive(50),
      latencyP99Ms: positive(100),
      /** Of that process. */
      maxMemoryMb: positive(512),
      multiplicity: z.boolean().default(true),
      /** Off: NaN and infinity are told of and refuse nothing; live refuses them all the same. */
      failOnNanInfinity: flag(true),
      /** What the figures of a release must reach in live; paper shows what they miss. */
      floor: z
        .strictObject({
          minAuc: share(0.62),
          minTopDecileLift: share(0.12),
          maxEce: share(0.05),
          minEdgeBps: positive(3),
        })
        .prefault({}),
    })
    .prefault({}),
  /** What the count of trials asks of a first champion, and the false discoveries that looks may make (section 11 of learning). */
  ledger: z.strictObject({ minDsr: share(0.95), maxPbo: share(0.2), fdr: share(0.1) }).prefault({}),
  search: z
    .strictObject({
      method: z.string().min(1).default('tpe'),
      trials: count(50),
      patience: count(15),
      /** Trials at once; null: one for each core of the machine. The same is found with any number. */
      parallel: z.int().min(1).max(256).nullable().default(null),
    })
    .prefault({}),
  release: sourceRooms.release,
  cloudSync: sourceRooms.cloudSync,
  cloudTrainer: sourceRooms.cloudTrainer,
  resilience: sourceRooms.resilience,
  /** Off: a release that passed its gates waits until a person promotes it (SRV-72). */
  promotion: z.strictObject({ auto: flag(true) }).prefault({}),
  serving: z
    .strictObject({
      /** Where graphs run: `auto` takes this thread for what is small, and a process with ONNX Runtime for the rest. */
      engine: z.enum(['auto', 'direct', 'host']).default('auto'),
      /** An answer of that process that comes later is none: whoever decides abstains. */
      inference: z.strictObject({ deadlineMs: z.int().min(1).max(60_000).default(50) }).prefault({}),
      /** In memory at once: in charge, the way back, and one that is still decided with. */
      maxResidentSets: count(3, 2),
      /** What a release that is ready does about open positions (SRV-33). */
      swap: z
        .strictObject({
          policy: z.enum(['flatOnly', 'pinToEntry', 'handoff']).default('flatOnly'),
          /** `flatOnly`: in an accelerated replay 30 of them are the bars from one training to the next. */
          maxWaitMinutes: positive(240),
          onStarve: z.enum(['pinToEntry', 'keepWaiting']).default('pinToEntry'),
        })
        .prefault({}),
      backups: z.strictObject({ keep: count(5) }).prefault({}),
    })
    .prefault({}),
  /** Open trades of a set that is taken back; one that was proven harmful keeps none of them. */
  rollback: z.strictObject({ positions: z.enum(['handoff', 'pinToEntry', 'flatten']).default('handoff') }).prefault({}),
  /** Rehearsed faults; a loop that stays runs them all once a week, on copies (SRV-80). */
  drills: z.strictObject({ weekly: z.boolean().default(true) }).prefault({}),
  /** From where on a part is degraded (OBS-03); fewer scored predictions than so many give no accuracy. */
  health: z
    .strictObject({ diskRatio: share(0.85), memorySoftMb: positive(2048), minScoredPredictions: count(10) })
    .prefault({}),
  api: z.strictObject({ port: z.int().min(0).max(65_535).default(8000) }).prefault({}),
  backtest: z
    .strictObject({
      initialCapital: z.number().min(1000).max(1e9).default(100_000),
      /** Dollars a side and lot. Null: the instrument's own. */
      commission: z.number().min(0).max(1000).nullable().default(null),
      /** Walk-forward (BT-03), days. Null: 30, 7 and 7; on daily bars, of which 30 days are but 21, 1826, 63 and 63. */
      trainDays: days,
      testDays: days,
      stepDays: days,
      /** Between the last label that is learned from and the first bar of the test. */
      purgeDays: z.number().min(0).default(1),
      embargoDays: z.number().min(0).default(1),
      /** Of the newest bars, where --from does not say otherwise. */
      maxDays: positive(1096),
      minFoldTrades: count(10),
      minSharpe: z.number().default(0.5),
      maxDrawdown: share(0.15),
    })
    .prefault({}),
  report: z
    .strictObject({
      /** Null: `reports` in the state directory. */
      dir: z.string().min(1).nullable().default(null),
      /** Reports beyond these are removed from there, the oldest first. */
      keep: count(200),
    })
    .prefault({}),
  database: z
    .strictObject({
      /** A start brings records to a newer schema, after a backup; off: `ratchet db migrate` does (DB-04). */
      autoMigrate: flag(true),
    })
    .prefault({}),
  backup: z
    .strictObject({
      /** Null: `backups` in the state directory. */
      dir: z.string().min(1).nullable().default(null),
      /** Backups beyond these are removed, the oldest first. */
      keep: count(7),
      /** A loop that stays makes one so often; null: none by itself (DB-08). */
      everyHours: z.number().min(1).max(8760).nullable().default(24),
      /** Each is restored elsewhere and compared before it counts; off: it is copied only, and never counts as proven. */
      verify: flag(true),
    })
    .prefault({}),
  integrations: z
    .strictObject({
      /** A tracking server that trainings are mirrored to; null: none (SCHED-06). */
      mlflow: z
        .strictObject({
          url: webUrl().nullable().default(null),
          experiment: z.string().min(1).max(250).default('ratchet'),
        })
        .prefault({}),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.string().toLowerCase().pipe(z.enum(LOG_LEVELS)).default('info'),
      /** Of stderr; `auto`: words on a terminal, JSON elsewhere. The file in `logs` is JSON always. */
      format: z.enum(['auto', 'json', 'pretty']).default('auto'),
    })
    .prefault({}),
  killSwitch: z.strictObject({ file: z.string().min(1).default('kill.txt') }).prefault({}),
  demo: z
    .strictObject({ warmupBars: count(756, 200), barsPerSecond: positive(12), trainEvery: count(63) })
    .prefault({}),
})

export const settingsSchema = tree.superRefine((settings, context) => {
  if (settings.mode !== 'production') return
  for (const { path, error, holds } of PRODUCTION_RULES) {
    if (!holds(settings)) context.addIssue({ code: 'custom', path: [...path], message: error })
  }
})

export type Settings = z.infer<typeof settingsSchema>
