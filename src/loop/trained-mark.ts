// What the release of a pipeline was made from, so that the same data and configuration are not trained on again (SCHED-02).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { RunKey } from '../training/skip.ts'
import type { Market } from './import-series.ts'
import { datasetOptions } from './limits-of.ts'
import type { Ports } from './ports.ts'

const FILE_CAP = 1024 * 1024

const markSchema = z.strictObject({
  releaseId: z.string(),
  snapshotId: z.string(),
  configHash: z.string(),
  codeVersion: z.string(),
})
const fileSchema = z.record(z.string(), markSchema)

export type TrainedMark = RunKey & { readonly releaseId: string }

/**
 * What a training now would depend on. Bars count from when they are known: on a clock that runs through recorded bars there is news
 * though the series stays the same.
 */
export function runKeyOf(
  { series, news }: Pick<Market, 'series' | 'news'>,
  seed: number,
  { settings, facts, clock }: Pick<Ports, 'settings' | 'facts' | 'clock'>,
): RunKey {
  const { labels, tradingBot, brain, instruments } = settings
  // Without a declaration there is nothing to depend on.
  const declared = {
    ...(instruments.length > 0 && { instruments }),
    ...(news !== undefined && { news: news.sha256 }),
  }
  const now = clock.now()
  const known = series.bars.findLastIndex(({ knownAt }) => knownAt <= now) + 1
  return {
    snapshotId: `${series.snapshotId}/${known}`,
    configHash: sha256(
      canonicalJson({ training: datasetOptions(settings), labels, tradingBot, brain, seed, ...declared }),
    ),
    codeVersion: facts.codeVersion,
  }
}

/** By pipeline. A file that is lost or damaged costs one training too many. */
export function trainedMarks(disk: Disk, directory: string) {
  const path = `${directory}/state/trained.json`
  const read = async (): Promise<Readonly<Record<string, TrainedMark>>> => {
    try {
      return fileSchema.parse(JSON.parse(new TextDecoder().decode(await disk.read(path, FILE_CAP))))
    } catch (cause) {
      const damaged = cause instanceof Fault || cause instanceof SyntaxError || cause instanceof z.ZodError
      if (damaged) return {}
      throw cause
    }
  }
  return {
    of: async (pipeline: string): Promise<TrainedMark | undefined> => (await read())[pipeline],
    async set(pipeline: string, mark: TrainedMark): Promise<void> {
      const text = canonicalJson({ ...(await read()), [pipeline]: mark })
      await replaceFile(disk, path, new TextEncoder().encode(text))
    },
  }
}
