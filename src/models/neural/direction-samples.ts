// Stretches of bars that the direction model is trained on. None crosses the end of a session, and no label of one part of time
// reaches into the next (SPLIT-02).

import { type DirectionSequence, directionLabels, UNLABELLED } from './direction-labels.ts'

/** Bars `start` to `start + lookback - 1` of a sequence; those behind its end are padding. */
export type DirectionSample = {
  readonly sequence: number
  readonly start: number
  /** One class a bar that is learnt: of all bars, or of the last only. */
  readonly labels: Int8Array
}

export type DirectionParts = Readonly<Record<'train' | 'validation' | 'calibration', readonly DirectionSample[]>> & {
  /** Bars of each sequence that lie in the training part: what scaling is fitted on. */
  readonly trainBars: readonly number[]
}

export type SampleOptions = {
  readonly lookback: number
  readonly memory: 'window' | 'carried'
  readonly horizon: number
  readonly band: number
  readonly validationShare: number
  readonly calibrationShare: number
  /** Windows beyond this many are thinned out evenly in time, in each part. */
  readonly maxSamples: number
}

export function directionParts(sequences: readonly DirectionSequence[], options: SampleOptions): DirectionParts {
  const { horizon, band, validationShare, calibrationShare, maxSamples } = options
  const total = sequences.reduce((sum, { closes }) => sum + closes.length, 0)
  const validationFrom = Math.floor(total * (1 - validationShare - calibrationShare))
  const calibrationFrom = Math.floor(total * (1 - calibrationShare))
  const labelled = sequences.map(sequence => directionLabels(sequence, horizon, band))
  const firsts = startsOf(sequences)

  /** Labels of bars from `from` whose outcome is known before `to`; bars are counted through all sequences. */
  const samplesOf = (from: number, to: number): DirectionSample[] => {
    const found = labelled.flatMap((labels, sequence) => {
      const first = firsts[sequence]!
      const within = labels.map((label, bar) =>
        first + bar >= from && first + bar + horizon < to ? label : UNLABELLED,
      )
      return options.memory === 'carried' ? chunks(within, sequence, options) : windows(within, sequence, options)
    })
    const every = Math.max(1, found.length / maxSamples)
    return Array.from({ length: Math.min(found.length, maxSamples) }, (_, i) => found[Math.floor(i * every)]!)
  }
  return {
    train: samplesOf(0, validationFrom),
    validation: samplesOf(validationFrom, calibrationFrom),
    calibration: samplesOf(calibrationFrom, Infinity),
    trainBars: sequences.map(({ closes }, i) => Math.min(Math.max(validationFrom - firsts[i]!, 0), closes.length)),
  }
}

function startsOf(sequences: readonly DirectionSequence[]): number[] {
  let bars = 0
  return sequences.map(({ closes }) => {
    bars += closes.length
    return bars - closes.length
  })
}

/** A window ends at every labelled bar that has enough bars before it. */
function windows(labels: Int8Array, sequence: number, { lookback }: SampleOptions): DirectionSample[] {
  const found: DirectionSample[] = []
  for (let bar = lookback - 1; bar < labels.length; bar++) {
    if (labels[bar] === UNLABELLED) continue
    found.push({ sequence, start: bar - lookback + 1, labels: labels.slice(bar, bar + 1) })
  }
  return found
}

/** Stretches one behind another; those without a label are left out. */
function chunks(labels: Int8Array, sequence: number, { lookback }: SampleOptions): DirectionSample[] {
  const found: DirectionSample[] = []
  for (let start = 0; start < labels.length; start += lookback) {
    const own = new Int8Array(lookback).fill(UNLABELLED)
    own.set(labels.subarray(start, start + lookback))
    if (own.some(label => label !== UNLABELLED)) found.push({ sequence, start, labels: own })
  }
  return found
}

export const labelCount = (samples: readonly DirectionSample[]): number =>
  samples.reduce((sum, { labels }) => sum + labels.reduce((n, label) => n + Number(label !== UNLABELLED), 0), 0)
