// The search itself: batch after batch, whatever the method, as many at a time as there are workers, and the same answer for any number of
// them; a search that was stopped goes on from the trials it had (SEARCH-01).

import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../base/fault.ts'
import type { Rng } from '../../base/rng.ts'
import { importanceOf } from './importance.ts'
import type { Proposal, SearchMethod } from './method.ts'
import { checkSpace, type Parameters, parametersAt, type Space } from './space.ts'
import { bestOf, cautious, type Trial } from './trial.ts'

export type TrialContext = {
  readonly number: number
  /** Share of the full effort that this trial may take, 0 to 1. */
  readonly resource: number
  /** Of this trial alone. */
  readonly rng: Rng
  readonly signal: AbortSignal
}

/** The metric on each inner fold, higher is better. A `Fault` is a failed trial; `THREAD_LOST` and anything else ends the search. */
export type Objective = (parameters: Parameters, context: TrialContext) => Promise<readonly number[]>

export type SearchOptions = {
  readonly space: Space
  readonly method: SearchMethod
  readonly objective: Objective
  readonly rng: Rng
  readonly clock: Clock
  /** Processor time of this process, ms. */
  readonly cpuMs: () => Promise<number>
  readonly trials?: number
  /** Trials without a gain after which it stops, where the method allows. */
  readonly patience?: number
  /** How many at a time; it changes nothing but the time it takes. */
  readonly parallel?: number
  /** No batch is begun beyond these. */
  readonly budget?: { readonly wallMs?: number; readonly cpuMs?: number }
  /** Trials of an earlier sitting of the same search, in any order. */
  readonly saved?: readonly Trial[]
  /** Awaited for each new trial, in order of number. */
  readonly onTrial?: (trial: Trial) => Promise<void>
  readonly signal: AbortSignal
}

export type SearchResult = {
  /** Undefined where none was tried in full. */
  readonly best: Trial | undefined
  readonly trials: readonly Trial[]
  readonly stopped: 'trials' | 'patience' | 'wall' | 'cpu' | 'exhausted'
  /** Parameter -> total effect; empty where there were too few trials to tell. */
  readonly importance: Readonly<Record<string, number>>
}

const DEFAULTS = { trials: 50, patience: 15, parallel: 1 }

/** Trials since the last gain. */
function sinceGain(trials: readonly Trial[]): number {
  const best = bestOf(trials)
  return best === undefined ? 0 : trials.length - best.number
}

const sameUnit = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((place, at) => place === b[at])

/** The saved trial of a proposal. @throws Fault `SEARCH_MISMATCH` where another search was saved */
function recalled({ unit, resource }: Proposal, number: number, saved: ReadonlyMap<number, Trial>): Trial | undefined {
  const trial = saved.get(number)
  if (trial === undefined || (sameUnit(trial.unit, unit) && trial.resource === resource)) return trial
  throw new Fault('SEARCH_MISMATCH', `saved trial ${number} is not of this search`, {
    fix: 'begin the search anew, or give the method, space and seed it was begun with',
  })
}

/**
 * Faults: `PARAM_INVALID` for a space that holds nothing, `SEARCH_MISMATCH`, `SEARCH_FAILED` where no trial ended well; an abort throws
 * its reason, and what was tried until then was handed to `onTrial`.
 *
 * @example
 * const { best } = await search({ space, method: tpe, objective, rng: seededRng(1), clock, cpuMs: async () => 0, signal })
 * best?.parameters
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { space, method, rng, clock, budget = {}, signal } = options
  const { trials: limit, patience } = { ...DEFAULTS, ...options }
  checkSpace(space, 'space')
  const saved = new Map((options.saved ?? []).map(trial => [trial.number, trial]))
  const spent = (part: 'wallMs' | 'cpuMs'): number => Math.max(0, ...Array.from(saved.values(), trial => trial[part]))
  const began = { wallMs: clock.now() - spent('wallMs'), cpuMs: (await options.cpuMs()) - spent('cpuMs') }
  const elapsed = async () => ({ wallMs: clock.now() - began.wallMs, cpuMs: (await options.cpuMs()) - began.cpuMs })
  const trials: Trial[] = []

  const why = async (): Promise<SearchResult['stopped'] | undefined> => {
    if (trials.length >= limit) return 'trials'
    if (method.stopsEarly && sinceGain(trials) >= patience) return 'patience'
    const { wallMs, cpuMs } = await elapsed()
    if (wallMs >= (budget.wallMs ?? Infinity)) return 'wall'
    return cpuMs >= (budget.cpuMs ?? Infinity) ? 'cpu' : undefined
  }
  let stopped = await why()
  while (stopped === undefined) {
    const proposals = method.propose({ space, trials, rng: rng.fork(method.name), limit })
    if (proposals.length === 0) stopped = 'exhausted'
    else {
      const from = trials.length + 1
      const known = proposals.map((proposal, at) => recalled(proposal, from + at, saved))
      trials.push(...(await batch(proposals, from, known, elapsed, options)))
      stopped = await why()
    }
  }
  signal.throwIfAborted()
  const failed = trials.find(({ fault }) => fault !== null)
  if (failed !== undefined && trials.every(({ fault }) => fault !== null)) {
    throw new Fault('SEARCH_FAILED', `all ${trials.length} trials failed, the first by ${failed.fault}`)
  }
  return { best: bestOf(trials), trials, stopped, importance: importanceOf(space, trials, rng.fork('importance')) }
}

/** Evaluates what is not known yet; hands on what is new in order, however it ends. */
async function batch(
  proposals: readonly Proposal[],
  from: number,
  known: readonly (Trial | undefined)[],
  elapsed: () => Promise<Pick<Trial, 'wallMs' | 'cpuMs'>>,
  { space, objective, rng, signal, onTrial, parallel = DEFAULTS.parallel }: SearchOptions,
): Promise<Trial[]> {
  const done: (Trial | undefined)[] = [...known]
  let told = 0
  let telling = false
  const tell = async (): Promise<void> => {
    if (telling) return
    telling = true
    try {
      for (; told < done.length && done[told] !== undefined; told++) {
        if (known[told] === undefined) await onTrial?.(done[told]!)
      }
    } finally {
      telling = false
    }
  }
  let next = 0
  const work = async (): Promise<void> => {
    while (next < proposals.length) {
      const at = next++
      if (done[at] !== undefined) continue
      signal.throwIfAborted()
      const { unit, resource } = proposals[at]!
      const number = from + at
      const parameters = parametersAt(space, unit)
      const context = { number, resource, rng: rng.fork(`objective ${number}`), signal }
      const outcome = await evaluated(objective, parameters, context)
      done[at] = { number, unit, parameters, resource, ...outcome, ...(await elapsed()) }
      await tell()
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, proposals.length)) }, work))
  return done as Trial[]
}

async function evaluated(
  objective: Objective,
  parameters: Parameters,
  context: TrialContext,
): Promise<Pick<Trial, 'values' | 'value' | 'fault'>> {
  try {
    const values = await objective(parameters, context)
    const value = cautious(values)
    return Number.isFinite(value) ? { values, value, fault: null } : { values: [], value: null, fault: 'NOT_FINITE' }
  } catch (cause) {
    context.signal.throwIfAborted()
    // A machine that gives way says nothing about the parameters.
    if (!(cause instanceof Fault) || cause.code === 'THREAD_LOST') throw cause
    return { values: [], value: null, fault: cause.code }
  }
}
