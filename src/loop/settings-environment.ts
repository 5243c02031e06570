// The familiar names of the environment: which key each one reaches, and which are refused because what they ask for is not here (CFG-02).

import { Fault } from '../base/fault.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const ALIASES: Readonly<Record<string, string>> = {
  AUTO_PROMOTION_ENABLED: 'promotion.auto',
  BACKUP_DIR: 'backup.dir',
  CDN_BASE_URL: 'release.publish.cdnBaseUrl',
  CLOUD_SYNC_INTERVAL_MINUTES: 'cloudSync.intervalMinutes',
  LOG_LEVEL: 'log.level',
  MLFLOW_TRACKING_URI: 'integrations.mlflow.url',
  PORT: 'api.port',
  RATCHET_MODE: 'mode',
  GATE4_SANITY_TEST_VECTORS: 'gates.sanityVectors',
  GATE4_MAX_TOTAL_VARIATION: 'gates.maxTotalVariation',
  GATE4_MAX_KL_DIVERGENCE: 'gates.maxKlDivergence',
  GATE4_FAIL_ON_NAN_INFINITY: 'gates.failOnNanInfinity',
  CLOUD_MODEL_MIN_VALIDATION_SAMPLES: 'gates.minValidationSamples',
  CLOUD_MODEL_MIN_LOSS_IMPROVEMENT: 'gates.minLossImprovement',
  CLOUD_MODEL_MIN_SHARPE_IMPROVEMENT: 'gates.minSharpeImprovement',
}

const given = (environment: Environment, name: string): string | undefined => environment[name]?.trim() || undefined

/** `NODE_ENV` counts where `RATCHET_MODE` is silent, and says more than it is asked: anything but production is development (CFG-07). */
export function settingAliases(environment: Environment): Readonly<Record<string, string>> {
  const byNode = given(environment, 'RATCHET_MODE') === undefined && environment['NODE_ENV'] === 'production'
  return byNode ? { ...ALIASES, NODE_ENV: 'mode' } : ALIASES
}

/** Every name that reaches a key, for the reference page. */
export const SETTING_ALIASES: Readonly<Record<string, string>> = { ...ALIASES, NODE_ENV: 'mode' }

/** Secrets that are read, each also as a file that `NAME_FILE` names; their values are shown nowhere (CFG-05). */
export const SECRETS = [
  'MANIFEST_HMAC_KEY',
  'MANIFEST_SIGNING_KEY',
  'MANIFEST_MASTER_KEY',
  'MANIFEST_BOT_KEY',
  'POLYGON_API_KEY',
  'FRED_API_KEY',
  'RELEASES_API_KEY',
] as const

/** What each asks for would change where records, releases or orders go: to go on without it would be another thing than was asked. */
export const REFUSED: Readonly<
  Record<string, { readonly why: string; readonly fix: string; readonly allowed?: RegExp }>
> = {
  DATABASE_URL: {
    why: 'records are kept in SQLite in the state directory',
    fix: 'unset it; name the place with --state',
  },
  REDIS_URL: { why: 'there is no cache outside this process', fix: 'unset it' },
  MODEL_MANIFEST_URL: {
    why: 'a release source is named on the command line',
    fix: 'unset it; name the tree with --source',
  },
  S3_BUCKET: { why: 'releases are published to a folder', fix: 'unset it; name the folder: ratchet publish --to' },
  RATCHET_ROLE: { why: 'one process does everything', fix: 'unset it', allowed: /^all$/i },
  DRY_RUN: { why: 'orders are on paper only, always', fix: 'unset it', allowed: /^(1|true|yes|on)$/i },
}

/** Credentials of things that are not here: they change nothing, which is told and is no reason to stop. */
export const UNREAD = [
  'ANTHROPIC_API_KEY',
  'AUTH_SIGNING_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'GITHUB_TOKEN',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'SMTP_URL',
  'TOPSTEPX_API_KEY',
  'TOPSTEPX_USERNAME',
  'TRADING_BOT_GITHUB_TOKEN',
] as const

export const unreadNames = (environment: Environment): readonly string[] =>
  UNREAD.filter(name => given(environment, name) !== undefined)

/**
 * @param read text of a file; a fault where it cannot be read is left to whoever needs the secret
 *
 * Faults: `CONFIG_ENVIRONMENT` for a name that is refused, and for a secret that its variable and its file tell differently.
 */
export function checkEnvironment(environment: Environment, read: (path: string) => string | undefined): void {
  const wrong = (place: string, sentence: string, fix: string) =>
    new Fault('CONFIG_ENVIRONMENT', sentence, { place, fix })
  for (const [name, { why, fix, allowed }] of Object.entries(REFUSED)) {
    const value = given(environment, name)
    if (value !== undefined && allowed?.test(value) !== true) throw wrong(name, `${name} is set, but ${why}`, fix)
  }
  for (const name of SECRETS) {
    const path = given(environment, `${name}_FILE`)
    const own = environment[name]
    if (path === undefined || own === undefined) continue
    const filed = read(path)?.trimEnd()
    if (filed !== undefined && filed !== own) {
      throw wrong(name, `${name} and the file of ${name}_FILE differ`, 'unset one of them')
    }
  }
}
