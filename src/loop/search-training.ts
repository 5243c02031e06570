// A search before a training: which parameters of one role are best on the inner folds. Each trial is saved and entered in the ledger before
// the next, so that a search that was killed goes on, and none of its trials is forgotten (SEARCH-01, LEDGER-01).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { seededRng } from '../base/rng.ts'
import type { SearchTable } from '../release/evaluation.ts'
import { buildDataset, type Dataset } from '../training/dataset.ts'
import { hypothesisId } from '../training/ledger/hypothesis.ts'
import { resultsBody } from '../training/ledger/results.ts'
import { keyOf } from '../training/ledger/standing.ts'
import { TRAIN_DEFAULTS, type TrainOptions } from '../training/options.ts'
import { methodNamed, SEARCH_METHODS } from '../training/search/methods/index.ts'
import type { Tried } from '../training/search/role-objective.ts'
import { search } from '../training/search/search.ts'
import { type SizerFold, sizerFolds } from '../training/search/sizer-trial.ts'
import type { Parameters } from '../training/search/space.ts'
import {
  executionOptions,
  metaOptions,
  ROLE_SPACES,
  type SearchedRole,
  sizerOptions,
} from '../training/search/spaces.ts'
import { cautious } from '../training/search/trial.ts'
import { ownTrials } from '../training/search/trial-workers.ts'
import type { Market } from './import-series.ts'
import { hypothesisOf, roleConfigSha256 } from './ledger-act.ts'
import { datasetOptions } from './limits-of.ts'
import { savedTrials } from './saved-trials.ts'
import type { CycleContext } from './training-cycle.ts'

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

function optionsOf(role: SearchedRole, parameters: Parameters): Partial<TrainOptions> {
  if (role === 'meta') return { meta: metaOptions(parameters) }
  return role === 'execution' ? { execution: executionOptions(parameters) } : { sizer: sizerOptions(parameters) }
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
  const trials = savedTrials(ports.disk, directory, act)
  const saved = await trials.load()
  const hypothesis = hypothesisId(hypothesisOf(role, null, context))

  const enter = async (number: number, parameters: Parameters, results: Tried['results']): Promise<void> => {
    const own = roleConfigSha256(role, { ...base, ...optionsOf(role, parameters) }, schema)
    const facts = { at: ports.clock.now(), kind: 'trial' as const, subject: `${role} of ${series.symbol}`, actor: act }
    const entry = { ...facts, hypothesis, configSha256: own, snapshotId: series.snapshotId, until }
    await ledger.append([{ ...entry, key: keyOf(act, `${number}`), body: resultsBody(results) }])
  }
  const workers = await (ports.trialWorkers ?? ownTrials)({
    role,
    data,
    columns: schema[role] ?? [],
    embargoMs: base.embargoMs,
    seed,
    sizerFolds: role === 'rl_sizer' ? foldsOf(data, base, market) : [],
  })
  const stop = (): void => void workers.close()
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    // The defaults stand until something is better.
    const usual = await workers.attempt({}, 1)
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
      parallel: workers.count,
      signal,
      objective: async (parameters, { number, resource }) => {
        const tried = await workers.attempt(parameters, resource)
        results.set(number, tried.results)
        return tried.values
      },
      async onTrial(trial) {
        // Counted first: a trial that is done again under its key is not counted twice, one that was never counted is lost.
        await enter(trial.number, trial.parameters, results.get(trial.number) ?? null)
        kept.push(trial)
        await trials.save(kept)
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
  } catch (cause) {
    signal.throwIfAborted()
    throw cause
  } finally {
    signal.removeEventListener('abort', stop)
    await workers.close()
  }
}

/** What the sizer's trials learn from and are judged on. */
function foldsOf(data: Dataset, { sizer }: TrainOptions, { instrument, calendar }: Market): SizerFold[] {
  const sessionOf = (timeMs: number): string => calendar.at(timeMs).tradeDate
  return sizerFolds({ data, step: instrument.step, sessionOf, drawdownLimitR: sizer.drawdownLimitR })
}
