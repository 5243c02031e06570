// What all bandits with a Bayesian head an arm have in common; they differ in where the features phi come from.

import { Fault } from '../../base/fault.ts'
import { normalCdf } from '../../math/normal.ts'
import type { GraphPart } from '../graph.ts'
import type { ArmScore, ArmState, Bandit, BanditOutcome, BanditState, BanditTraining, HeadState } from './bandit.ts'
import { contextGraph, headsGraph } from './bandit-graph.ts'
import { loadBanditState } from './bandit-state.ts'
import { emptyHead, headAnswer, headWeights, headWith, noiseVariance } from './bayesian-head.ts'
import { CONTEXT_CLIP, type ContextShape, contextEncoder } from './context-encoder.ts'
import { curvatureWith, diagonalSpread, type GradientSpread } from './gradient-spread.ts'
import type { TrainedTrunk, TrunkRow } from './trunk-training.ts'

export type BanditOptions = ContextShape & {
  readonly arms: readonly string[]
  /** Newest outcomes kept of each arm: the heads are built from them anew after the trunk was trained. */
  readonly ring?: number
  /** Outcomes that the prior mean of 0 weighs against an arm's history (UCB-03). */
  readonly priorOutcomes?: number
  /** Standard deviation of rewards in R; estimated from the residuals where absent. */
  readonly noise?: number
}

/** Where phi comes from. */
export type FeatureSource = {
  readonly kind: string
  readonly size: number
  readonly initialTrunk: BanditState['trunk']
  features(trunk: BanditState['trunk'], x: Float64Array): Float64Array
  /** Absent where phi is the encoded context. */
  toGraph?(trunk: BanditState['trunk'], input: string, prefix: string): GraphPart
  /** Absent where there is nothing to train. */
  train?(rows: readonly TrunkRow[], trunk: BanditState['trunk'], training: BanditTraining): Promise<TrainedTrunk>
  readonly gradients?: GradientSpread
}

/** Outcomes of all arms together before a trunk is trained, and of one arm before it may trade live. */
const FEWEST_TO_TRAIN = 20
const WARM = 20
const [LEAST_R, MOST_R] = [-2, 3]

export function headBandit(options: BanditOptions, sourceOf: (inputs: number) => FeatureSource): Bandit {
  const { arms, width, ring = 1000, priorOutcomes = 20, noise } = options
  const encoder = contextEncoder(options)
  const source = sourceOf(encoder.size)
  const { gradients } = source
  const empty = (): HeadState => emptyHead(source.size, gradients?.size ?? 0)

  const slopesOf = (state: BanditState, head: HeadState, x: Float64Array): Float64Array | undefined =>
    gradients?.slopes(state.trunk, headWeights(head), x)
  function taught(state: BanditState, { head, prior }: ArmState, x: Float64Array, r: number): HeadState {
    const after = headWith(head, source.features(state.trunk, x), r - prior)
    const slopes = slopesOf(state, after, x)
    return slopes === undefined ? after : { ...after, curvature: curvatureWith(after.curvature, slopes) }
  }

  const noiseOf = (head: HeadState): number => noise ?? Math.sqrt(noiseVariance(head))

  function graphOf({ arms: states, scale, trunk }: BanditState, input: string, prefix: string): GraphPart {
    const encoded = contextGraph(scale, options.categories ?? [], CONTEXT_CLIP, input, `${prefix}context_`)
    const phi = source.toGraph?.(trunk, encoded.output, `${prefix}trunk_`)
    const noises = states.map(({ head }) => noiseOf(head))
    const scores = headsGraph(states, noises, source.size, phi?.output ?? encoded.output, `${prefix}heads_`)
    const parts = [encoded, ...(phi === undefined ? [] : [phi]), scores]
    return {
      ...scores,
      nodes: parts.flatMap(({ nodes }) => nodes),
      initializers: parts.flatMap(({ initializers }) => initializers),
    }
  }

  function scoreOf(state: BanditState, index: number, x: Float64Array, phi: Float64Array): ArmScore {
    const { prior, head, outcomes } = state.arms[index]!
    const answer = headAnswer(head, phi)
    const slopes = slopesOf(state, head, x)
    const spread = slopes === undefined ? answer.spread : diagonalSpread(slopes, head.curvature)
    const deviation = noiseOf(head) * Math.sqrt(spread)
    const mean = prior + answer.mean
    const confidence = deviation > 0 ? normalCdf(mean / deviation) : 0.5 + Math.sign(mean) / 2
    return { arm: arms[index]!, mean, deviation, confidence, outcomes, isCold: outcomes < WARM }
  }

  /** Heads from nothing over the rings: features have changed, so that old sums mean nothing. */
  function rebuilt(state: BanditState): BanditState {
    return {
      ...state,
      arms: state.arms.map(arm => {
        let head = empty()
        for (const { context, r } of arm.ring) {
          head = taught(state, { ...arm, head }, encoder.encode(context, state.scale), r)
        }
        return { ...arm, head }
      }),
    }
  }

  async function trained(state: BanditState, training: BanditTraining): Promise<BanditState> {
    const rows = state.arms.flatMap(({ ring: kept, prior }, arm) =>
      kept.map(({ context, r }) => ({ x: encoder.encode(context, state.scale), arm, reward: r - prior })),
    )
    if (source.train === undefined || rows.length < FEWEST_TO_TRAIN) return rebuilt({ ...state, sinceRetrain: 0 })
    const { trunk, reproducible } = await source.train(rows, state.trunk, training)
    const exact = state.reproducible === 'exact' && reproducible === 'exact'
    return rebuilt({ ...state, trunk, reproducible: exact ? 'exact' : 'tolerance', sinceRetrain: 0 })
  }

  const checked = ({
    arm,
    context,
    r,
  }: BanditOutcome): { readonly index: number; readonly kept: ArmState['ring'][number] } => {
    const index = arms.indexOf(arm)
    if (index < 0) throw new Fault('BANDIT_ARM', `there is no arm ${arm}`, { fix: `give one of ${arms.join(', ')}` })
    if (!Number.isFinite(r)) throw new Fault('BANDIT_REWARD', `the R of an outcome of ${arm} is ${r}`)
    encoder.encode(context, encoder.unscaled)
    return { index, kept: { context: [...context], r: Math.min(Math.max(r, LEAST_R), MOST_R) } }
  }

  const init = (): BanditState => ({
    kind: source.kind,
    arms: arms.map(() => ({ prior: 0, outcomes: 0, head: empty(), ring: [] })),
    scale: encoder.unscaled,
    isScaled: false,
    trunk: source.initialTrunk,
    reproducible: 'exact',
    sinceRetrain: 0,
  })

  return {
    kind: source.kind,
    arms,
    width,
    init,
    async start(history, training) {
      const rows = history.map(checked)
      if (rows.length === 0) return init()
      const state: BanditState = {
        ...init(),
        scale: encoder.scaleOf(rows.map(({ kept }) => kept.context)),
        isScaled: true,
        arms: arms.map((_, arm) => {
          const own = rows.filter(({ index }) => index === arm).map(({ kept }) => kept)
          const prior = own.reduce((sum, { r }) => sum + r, 0) / (own.length + priorOutcomes)
          return { prior, outcomes: own.length, head: empty(), ring: own.slice(-ring) }
        }),
      }
      return trained(state, training)
    },
    score(state, context) {
      const x = encoder.encode(context, state.scale)
      const phi = source.features(state.trunk, x)
      return arms.map((_, index) => scoreOf(state, index, x, phi))
    },
    learn(state, outcome) {
      const { index, kept } = checked(outcome)
      const arm = state.arms[index]!
      const head = taught(state, arm, encoder.encode(kept.context, state.scale), kept.r)
      const after = { ...arm, outcomes: arm.outcomes + 1, head, ring: [...arm.ring, kept].slice(-ring) }
      return { ...state, arms: state.arms.with(index, after), sinceRetrain: state.sinceRetrain + 1 }
    },
    isRetrainDue: state =>
      source.train !== undefined &&
      state.sinceRetrain > 0 &&
      state.arms.reduce((sum, { ring: kept }) => sum + kept.length, 0) >= FEWEST_TO_TRAIN,
    retrain(state, training) {
      // Without a history the first contexts that came say what scale they are of.
      const contexts = state.arms.flatMap(({ ring: kept }) => kept.map(({ context }) => context))
      const isScalable = !state.isScaled && source.train !== undefined && contexts.length >= FEWEST_TO_TRAIN
      return trained(isScalable ? { ...state, scale: encoder.scaleOf(contexts), isScaled: true } : state, training)
    },
    exportable(state) {
      if (gradients !== undefined) {
        throw new Fault('NOT_EXPORTABLE', 'uncertainty by gradients is no part of a graph', {
          fix: "make the bandit with uncertainty 'head'",
        })
      }
      return { toGraph: (input, prefix) => graphOf(state, input, prefix) }
    },
    load: saved =>
      loadBanditState(saved, {
        kind: source.kind,
        arms: arms.length,
        width,
        size: source.size,
        curvature: gradients?.size ?? 0,
        trunk: Object.fromEntries(Object.entries(source.initialTrunk).map(([name, values]) => [name, values.length])),
      }),
  }
}
