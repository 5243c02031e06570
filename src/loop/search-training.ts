// A search before a training: which parameters of one role are best on the inner folds. Each trial is saved and entered in the ledger before
// the next, so that a search that was killed goes on, and none of its trials is forgotten (SEARCH-01, LEDGER-01).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { seededRng } from '../base/rng.ts'
import type { SearchTable } from '../release/evaluation.ts'
import { buildDataset } from '../training/dataset.ts'
import { hypothesisId } from '../training/ledger/hypothesis.ts'
import { resultsBody } from '../training/ledger/results.ts'
import { keyOf } from '../training/ledger/standing.ts'
import { TRAIN_DEFAULTS, type TrainOptions } from '../training/options.ts'
import { methodNamed, SEARCH_METHODS } from '../training/search/methods/index.ts'
import { type Tried, tryRole } from '../training/search/role-objective.ts'
import { search } from '../training/search/search.ts'
import type { Parameters } from '../training/search/space.ts'
import { executionOptions, metaOptions, ROLE_SPACES, type SearchedRole } from '../training/search/spaces.ts'
import { cautious, type Trial } from '../training/search/trial.ts'
import { hypothesisOf, roleConfigSha256 } from './ledger-act.ts'
import { datasetOptions } from './limits-of.ts'
import type { CycleContext } from './training-cycle.ts'

const FILE_CAP = 16 * 1024 * 1024

const savedSchema = z.array(
  z.strictObject({
    number: z.int().min(1),
    unit: z.array(z.number()),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    resource: z.number(),
    values: z.array(z.number()),
    value: z.number().nullable(),
    fault: z.string().nullable(),
    wallMs: z.number(),
    cpuMs: z.number(),
  }),
)

export type SearchRequest = {
  readonly role: SearchedRole
  /** `tpe`, `random`, ... */
  readonly method: string
  readonly trials: number
  readonly patience: number
}

export type SearchedTraining = {
  /** What the training is to be made with. */
  readonly options: Partial<TrainOptions>
  readonly table: SearchTable
}

const optionsOf = (role: SearchedRole, parameters: Parameters): Partial<TrainOptions> =>
  role === 'meta' ? { meta: metaOptions(parameters) } : { execution: executionOptions(parameters) }

/** Trials of an earlier sitting; none where there was none. A damaged file is a fault: it must not be searched twice as if nothing had been. */
async function savedTrials(path: string, { ports: { disk } }: Pick<CycleContext, 'ports'>): Promise<Trial[]> {
  if ((await disk.stat(path)) === undefined) return []
  try {
    return savedSchema.parse(JSON.parse(new TextDecoder().decode(await disk.read(path, FILE_CAP))))
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause
    throw new Fault('SEARCH_DAMAGED', 'the saved trials of this search cannot be read', {
      place: path,
      fix: 'remove the file to begin the search anew',
      cause,
    })
  }
}

/**
 * Faults: `PARAM_INVALID` for an unknown method, `SEARCH_DAMAGED`, those of `search` and `buildDataset`.
 *
 * @param directory of the state; trials are saved under it
 */
export async function searchTraining(
  { role, method: name, trials: limit, patience }: SearchRequest,
  { seed, asOf }: { readonly seed: number; readonly asOf: number },
  directory: string,
  context: CycleContext,
): Promise<SearchedTraining> {
  const method = methodNamed(name)
  if (method === undefined) {
    throw new Fault('PARAM_INVALID', `there is no search method ${name}`, {
      place: 'search.method',
      fix: `give one of ${SEARCH_METHODS.map(one => one.name).join(', ')}`,
    })
  }
  const { market, book, ports, ledger, signal } = context
  const { series } = market
  const { schema } = book
  const base: TrainOptions = { ...TRAIN_DEFAULTS, ...datasetOptions(ports.settings) }
  const data = buildDataset({ table: book.table, asOf, barMs: series.barMs, options: base })
  const until = Math.min(asOf, series.bars.at(-1)?.knownAt ?? asOf)
  const asked = { role, method: name, limit, patience, seed, snapshotId: series.snapshotId, until }
  const configSha256 = roleConfigSha256(role, base, schema)
  const act = `search-${sha256(canonicalJson({ ...asked, configSha256 }))}`
  const path = `${directory}/searches/${act}.json`
  const saved = await savedTrials(path, context)
  const hypothesis = hypothesisId(hypothesisOf(role, null, context))
  const input = { role, data, columns: schema[role] ?? [], embargoMs: base.embargoMs, rng: seededRng(seed) }

  const enter = async (number: number, parameters: Parameters, results: Tried['results']): Promise<void> => {
    const own = roleConfigSha256(role, { ...base, ...optionsOf(role, parameters) }, schema)
    const facts = { at: ports.clock.now(), kind: 'trial' as const, subject: `${role} of ${series.symbol}`, actor: act }
    const entry = { ...facts, hypothesis, configSha256: own, snapshotId: series.snapshotId, until }
    await ledger.append([{ ...entry, key: keyOf(act, `${number}`), body: resultsBody(results) }])
  }
  // The defaults stand until something is better.
  const usual = await tryRole(input, {}, { resource: 1, signal })
  await enter(0, {}, usual.results)
  const defaults = cautious(usual.values)

  const kept = [...saved]
  const results = new Map<number, Tried['results']>()
  const outcome = await search({
    space: ROLE_SPACES[role],
    method,
    trials: limit,
    patience,
    rng: seededRng(seed).fork('search'),
    clock: ports.clock,
    cpuMs: async () => (await ports.machine(directory)).cpuMs,
    saved,
    signal,
    objective: async (parameters, trial) => {
      const tried = await tryRole(input, parameters, trial)
      results.set(trial.number, tried.results)
      return tried.values
    },
    async onTrial(trial) {
      // Counted first: a trial that is done again under its key is not counted twice, one that was never counted is lost.
      await enter(trial.number, trial.parameters, results.get(trial.number) ?? null)
      kept.push(trial)
      await ports.disk.makeDirectory(`${directory}/searches`)
      await replaceFile(ports.disk, path, new TextEncoder().encode(canonicalJson(kept)))
      const text = `trial ${trial.number} of ${limit}: ${trial.value ?? trial.fault}`
      context.onProgress?.({ phase: role, fraction: 0, text })
    },
  })
  const { best } = outcome
  const better = best !== undefined && best.value! > defaults
  const table: SearchTable = {
    role,
    method: name,
    stopped: outcome.stopped,
    defaults,
    chosen: better ? best.number : null,
    trials: outcome.trials.map(({ number, resource, value, fault, parameters }) => {
      return { number, resource, value, fault, parameters }
    }),
    importance: outcome.importance,
  }
  return { options: better ? optionsOf(role, best.parameters) : {}, table }
}
