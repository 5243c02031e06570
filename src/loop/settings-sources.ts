// The rooms of the configuration that say where releases come from and go to, and how places outside are asked.

import { z } from 'zod'
import { FILE_CAP } from '../release/limits.ts'
import { count, imageFile, positive, webUrl } from './setting-kinds.ts'

export const sourceRooms = {
  release: z
    .strictObject({
      channel: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens')
        .default('stable'),
      /** Places that `--source` may name, and that are polled by the clock where it names none. */
      sources: z
        .array(
          z.strictObject({
            name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens'),
            /** A folder, or a URL; several URLs with commas between them are mirrors. */
            place: z.string().min(1),
          }),
        )
        .refine(all => new Set(all.map(({ name }) => name)).size === all.length, 'each name once')
        .default([]),
      verify: z
        .strictObject({
          /** Algorithms of which a valid signature must be there; null: by profile (REL-14). */
          required: z
            .array(z.enum(['hmac', 'ed25519']))
            .min(1)
            .nullable()
            .default(null),
          maxVersionStep: count(10_000),
          clockSkewMinutes: z.number().min(0).max(60).default(5),
          /** Live: believe a shared MAC key alone, with which every bot could forge. */
          acknowledgeSharedKey: z.boolean().default(false),
        })
        .prefault({}),
      publish: z
        .strictObject({
          cdnBaseUrl: webUrl(/^https$/, 'an absolute https URL')
            .nullable()
            .default(null),
          manifestDays: count(7),
        })
        .prefault({}),
    })
    .prefault({}),
  cloudSync: z
    .strictObject({
      enabled: z.boolean().default(true),
      intervalMinutes: z.number().min(1).max(1440).default(15),
      /** 1 is for development: sources are other people's machines. */
      minGapMinutes: z.number().min(1).max(1440).default(5),
      /** Of one pass, from the first question to the swap: a source that hangs is given up, and the next one has its turn. */
      passMinutes: z.number().positive().max(1440).default(15),
    })
    .refine(({ intervalMinutes, minGapMinutes }) => intervalMinutes >= minGapMinutes, {
      path: ['intervalMinutes'],
      error: 'must not be less than cloudSync.minGapMinutes',
    })
    .prefault({}),
  cloudTrainer: z
    .strictObject({
      /** Image of the registry, rewritten after each commit; in the state directory. */
      registryFile: imageFile('config/model-registry.json'),
      http: z
        .strictObject({
          /** Total deadline of one file. */
          timeoutSeconds: positive(300),
          /** null: as `resilience.maxRetryAttempts`. */
          maxRetries: z.int().min(0).max(20).nullable().default(null),
          rateLimitPerMinute: count(60),
          /** Hosts that a source may redirect to, beside its own. */
          allowedHosts: z.array(z.string().regex(/^[a-z0-9.:[\]-]+$/, 'host names in lower case')).default([]),
        })
        .prefault({}),
      performance: z
        .strictObject({
          maxConcurrentDownloads: z.int().min(1).max(32).default(3),
          /** Of one file that is fetched; more is not read. */
          maxFileSizeBytes: z.int().min(1024).max(FILE_CAP).default(FILE_CAP),
          /** Files of a release are published packed too where that saves a tenth. */
          enableCompression: z.boolean().default(true),
          /** What is known of how models did; in the state directory. */
          performanceStore: imageFile('config/performance-store.json'),
        })
        .prefault({}),
      releases: z
        .strictObject({
          /** Header that carries RELEASES_API_KEY. */
          apiKeyHeader: z
            .string()
            .regex(/^[A-Za-z0-9-]+$/, 'a header name')
            .default('X-API-Key'),
        })
        .prefault({}),
    })
    .prefault({}),
  resilience: z
    .strictObject({
      maxRetryAttempts: z.int().min(0).max(20).default(3),
      baseDelayMs: positive(1000),
      backoffMultiplier: z.number().min(1).max(10).default(2),
      maxDelayMs: positive(30_000),
      retryBudgetRatio: z.number().min(0).max(1).default(0.1),
      circuitBreakerFailureThreshold: count(5),
      circuitBreakerTimeoutSeconds: positive(60),
      circuitBreakerRecoverySeconds: positive(300),
      halfOpenProbes: count(1),
      /** Total deadline of a short call, tries and waits included. */
      httpTimeoutMs: positive(30_000),
      /** Until a connection stands, until headers come, and between bytes. */
      attemptTimeoutMs: positive(10_000),
    })
    .prefault({}),
}
