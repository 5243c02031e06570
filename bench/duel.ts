// Ours against a peer in one run: each side is a program of its own that does the task once and prints one line of JSON, and the two
// take turns, so that a noisy minute hits both.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { mean, standardDeviation } from '../src/math/statistics.ts'

/** Handed to both programs as their only argument. */
export type DuelTask = Readonly<Record<string, string | number>>

/** What a program prints as its last line. */
export type DuelRun = {
  /** In the unit of the duel. */
  readonly value: number
  /** Higher is better; on rows that training did not see. */
  readonly quality: number
  /** Highest resident memory of the process. */
  readonly peakMb: number
  readonly versions: Readonly<Record<string, string>>
}

export type Duel = {
  /** `task/peer`. */
  readonly name: string
  readonly unit: 's' | 'ms/step' | 'steps/s'
  readonly better: 'lower' | 'higher'
  /** How many times as fast as the peer we want to be. */
  readonly target: number
  /** What quality is measured by, and how much lower than the peer's ours may be beside what is luck. */
  readonly quality: string
  readonly allowance: number
  /** Program of ours, below `bench/`, for Node. */
  readonly ours: string
  /** Program of the peer, below `bench/`, for Python 3. */
  readonly peer: string
  readonly task: DuelTask
}

export type DuelResult = {
  readonly name: string
  /** Medians. */
  readonly ours: number
  /** Null: the peer is not installed. */
  readonly peer: number | null
  readonly unit: Duel['unit']
  /** How many times as fast as the peer. */
  readonly ratio: number | null
  readonly target: number
  readonly oursQuality: number
  readonly peerQuality: number | null
  /** Standard error of the mean difference in quality, from the runs: each has a seed of its own, the same for both sides. */
  readonly qualityError: number | null
  readonly oursPeakMb: number
  readonly peerPeakMb: number | null
  readonly versions: Readonly<Record<string, string>>
  readonly runs: number
  /** Why the figures prove nothing; null where they count. */
  readonly invalid: string | null
}

/** The system's own, where Debian's packages are seen. */
export const PYTHON = process.env.PYTHON ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3')
const folder = fileURLToPath(new URL('.', import.meta.url))

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Runs a program to its end and reads its last line. A program of a peer that is not installed ends with status 3. */
async function once(command: string, program: string, task: DuelTask): Promise<DuelRun | undefined> {
  const child = spawn(command, [folder + program, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', text => (out += text))
  child.stderr.setEncoding('utf8').on('data', text => (err += text))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status === 3) return undefined
  const line = out.trimEnd().split('\n').at(-1)
  if (status !== 0 || line === undefined) throw new Error(`${program} ended with ${status}:\n${err || out}`)
  return JSON.parse(line) as DuelRun
}

/** @param runs of each side */
export async function fight(duel: Duel, runs: number): Promise<DuelResult> {
  const ours: DuelRun[] = []
  const peers: DuelRun[] = []
  for (let run = 0; run < runs; run++) {
    // Another seed for each run, so that the quality is not the luck of one.
    const task = { ...duel.task, seed: Number(duel.task['seed']) + run }
    const own = await once(process.execPath, duel.ours, task)
    if (own === undefined) throw new Error(`${duel.ours} says that it is not installed`)
    ours.push(own)
    const peer = await once(PYTHON, duel.peer, task)
    if (peer !== undefined) peers.push(peer)
  }
  const middle = (side: readonly DuelRun[], of: (run: DuelRun) => number): number => median(side.map(of))
  const value = (run: DuelRun): number => run.value
  const quality = (run: DuelRun): number => run.quality
  const peak = (run: DuelRun): number => run.peakMb
  const absent = peers.length === 0
  const [own, other] = [middle(ours, value), absent ? null : middle(peers, value)]
  const [oursQuality, peerQuality] = [middle(ours, quality), absent ? null : middle(peers, quality)]
  const differences = peers.map((peer, run) => ours[run]!.quality - peer.quality)
  const qualityError = peers.length > 1 ? standardDeviation(differences) / Math.sqrt(peers.length) : null
  const worse = !absent && !(mean(differences) >= -duel.allowance - (qualityError ?? 0))
  return {
    name: duel.name,
    ours: own,
    peer: other,
    unit: duel.unit,
    ratio: other === null ? null : duel.better === 'lower' ? other / own : own / other,
    target: duel.target,
    oursQuality,
    peerQuality,
    qualityError,
    oursPeakMb: middle(ours, peak),
    peerPeakMb: absent ? null : middle(peers, peak),
    versions: { ...peers[0]?.versions, ...ours[0]?.versions },
    runs,
    invalid: absent
      ? `the peer of ${duel.peer} is not installed`
      : worse
        ? `our ${duel.quality} is below the peer's by ${-mean(differences)} on average, standard error ${qualityError}`
        : null,
  }
}
