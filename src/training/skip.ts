// Whether a scheduled slot trains at all (SCHED-02): switched off by people, or nothing new to learn.

/** What a run depends on: equal keys would make equal bytes. */
export type RunKey = { readonly snapshotId: string; readonly configHash: string; readonly codeVersion: string }

export type SkipQuestion = {
  /** `training.enabled`. */
  readonly enabled: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  /** State, data and working directory. */
  readonly directories: readonly string[]
  readonly skipFile?: string
  readonly now: RunKey
  /** Of the last run that ended well. */
  readonly last?: RunKey | undefined
  /** Train although switched off; the caller audits `overruled`. */
  readonly force?: boolean
}

export type SkipAnswer =
  | { readonly train: true; readonly overruled?: string }
  | { readonly train: false; readonly reason: string }

async function switchedOff(
  { enabled, environment, directories, skipFile = 'SKIP_TRAINING' }: SkipQuestion,
  exists: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  if (!enabled) return 'skipped: training.enabled is false'
  if (environment['SKIP_TRAINING'] === '1') return 'skipped: SKIP_TRAINING=1 is set'
  for (const directory of directories) {
    const path = `${directory}/${skipFile}`
    if (await exists(path)) return `skipped: ${path} exists`
  }
  return undefined
}

/**
 * @param exists whether a file is there
 * @example
 * await mayTrain({ enabled: false, environment: {}, directories: [], now }, async () => false)
 * // { train: false, reason: 'skipped: training.enabled is false' }
 */
export async function mayTrain(
  question: SkipQuestion,
  exists: (path: string) => Promise<boolean>,
): Promise<SkipAnswer> {
  const { now, last, force = false } = question
  const same = last?.snapshotId === now.snapshotId && last.configHash === now.configHash
  const reason =
    (await switchedOff(question, exists)) ??
    (same && last.codeVersion === now.codeVersion ? 'skipped: nothing new' : undefined)
  if (reason === undefined) return { train: true }
  return force ? { train: true, overruled: reason } : { train: false, reason }
}
