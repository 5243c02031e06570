// A replay that is told what to do at given bars, and is cut off at others and goes on: what was said must come again.

import assert from 'node:assert/strict'
import { Fault } from '../../src/base/fault.ts'
import { type ReplayControl, replayControl } from '../../src/loop/replay-control.ts'
import type { ReplaySummary } from '../../src/loop/replay-summary.ts'
import type { LiveState, RunCommand } from '../../src/loop/run-control.ts'
import type { World } from './ports.ts'
import { importSimulated, runReplay } from './runs.ts'

const INTERRUPTED = new Fault('INTERRUPTED', 'stopped by a signal')

/** What is asked after which bar, in their order. */
export type Script = readonly (readonly [bar: number, command: RunCommand])[]

export type CommandedReplay = {
  readonly bars: Parameters<typeof importSimulated>[1]
  readonly request: Parameters<typeof runReplay>[2]
  readonly script: Script
  /** Bars at which the run is cut. */
  readonly stops: readonly number[]
  /** Hears every live state and may say something to it. */
  readonly onLive?: (state: LiveState, say: (command: RunCommand) => void) => void
}

export type Commanded = {
  readonly world: World
  readonly summary: ReplaySummary
  /** Per command its type, and `ok` or the code of its refusal. */
  readonly answers: readonly string[]
  readonly lives: readonly LiveState[]
}

export async function commandedReplay(world: World, options: CommandedReplay): Promise<Commanded> {
  const { bars, request, script, stops, onLive } = options
  const market = await importSimulated(world, bars)
  const answers: Promise<string>[] = []
  const lives: LiveState[] = []
  let next = 0
  const ask = async (control: ReplayControl, command: RunCommand): Promise<string> => {
    const outcome = await control.send(command)
    return `${command.type} ${outcome.ok ? 'ok' : outcome.fault.code}`
  }
  const attempt = async (stopAt: number): Promise<ReplaySummary | undefined> => {
    const control = replayControl({ clock: world.ports.clock, timer: world.ports.timer, barsPerSecond: null })
    const say = (command: RunCommand): void => void answers.push(ask(control, command))
    control.onLive(state => {
      lives.push(state)
      onLive?.(state, say)
    })
    const stop = new AbortController()
    const onView = ({ bar, text }: { readonly bar: number; readonly text: string }) => {
      if (text !== '') return
      for (; next < script.length && bar >= script[next]![0]; next++) say(script[next]![1])
      if (bar >= stopAt) stop.abort(INTERRUPTED)
    }
    try {
      return await runReplay(world, market, { ...request, control, signal: stop.signal, onView })
    } catch (cause) {
      if (cause !== INTERRUPTED) throw cause
      return undefined
    }
  }
  for (const stopAt of stops) assert.equal(await attempt(stopAt), undefined)
  const summary = await attempt(Number.POSITIVE_INFINITY)
  assert.ok(summary !== undefined)
  return { world, summary, answers: await Promise.all(answers), lives }
}
