// What a loop by the clock does, carried to where it can be seen: the events of its run, what is true of it now, and the words of its commands.

import { accepted, type Outcome } from '../base/fault.ts'
import type { SyncResult } from '../serving/updater.ts'
import type { Obey } from './clock-control.ts'
import type { ClockEvent } from './clock-event.ts'
import type { ClockLive } from './clock-live.ts'
import { judgedEvent, swapEvent, syncEvent, troubleOf } from './clock-release-events.ts'
import type { ClockRun } from './clock-run.ts'
import { trainingEvent } from './clock-training-events.ts'
import type { FitStop } from './fit-stop.ts'
import type { LivePass, LiveSlot } from './live-slot.ts'
import type { Ports, State } from './ports.ts'
import type { ReleaseCommand, SourceTrouble } from './run-control.ts'
import type { TrainingAsks } from './training-asks.ts'

export type ClockRecordOptions = {
  readonly run: ClockRun
  readonly live: ClockLive
  readonly slot: LiveSlot
  readonly state: Pick<State, 'journal' | 'registry'>
  readonly ports: Pick<Ports, 'clock'>
  readonly asks: TrainingAsks
  readonly fits: FitStop
  readonly signal: AbortSignal
}

export interface ClockRecord {
  event(event: ClockEvent): void
  /** A pass, told. */
  sync(source: string, signal: AbortSignal): Promise<SyncResult>
  readonly obey: Obey
}

export async function clockRecord(options: ClockRecordOptions): Promise<ClockRecord> {
  const { run, live, slot, state, ports, asks, fits, signal } = options
  const { journal, registry } = state
  const { runId, bar } = run
  let trainings = (await journal.trainings()).filter(row => row.runId === runId).length
  let label: string | null = null
  const refusals = new Map<string, string>()
  const troubles = new Map<string, SourceTrouble | undefined>()
  const when = () => ({ at: ports.clock.now(), bar })

  const tellPass = (source: string, pass: LivePass): void => {
    const { result, before } = pass
    const now = when()
    const refusal = JSON.stringify(result.refused)
    // What a source offers again and again is refused again and again; it is told once.
    const again = result.installed === 0 && refusals.get(source) === refusal
    refusals.set(source, refusal)
    if (again) return
    const to = slot.current()
    run.tell(async () => {
      const judged = await judgedEvent(pass, now, registry)
      const swap = swapEvent('activated', { from: before, to }, 'gates passed', now)
      return [...(judged === undefined ? [] : [judged]), ...(result.installed === 1 ? [swap] : [])]
    })
  }

  const tellSource = (event: Extract<ClockEvent, { type: 'synced' }>): void => {
    const { source, at } = event
    const trouble = troubleOf(event)
    const draft = syncEvent(at, trouble, troubles.get(source))
    troubles.set(source, trouble)
    live.passed(source, trouble, slot.signedAt())
    if (draft !== undefined) run.tell(async () => [draft])
  }

  async function obeyRelease(command: ReleaseCommand): Promise<Outcome<string>> {
    const done = await slot.act(command, signal)
    if (!done.ok) return done
    const { type, reason } = command
    const control = { action: type, detail: `${done.value.done}: ${reason}` }
    const now = when()
    run.tell(async () => [
      ...(type === 'promote' ? [swapEvent('activated', done.value, reason, now)] : []),
      { topic: 'control', at: now.at, body: control },
    ])
    return accepted(done.value.done)
  }

  return {
    event(event) {
      if (event.type === 'published') ({ label } = event)
      const number = trainings + 1
      const draft = trainingEvent(event, { number, bar, label })
      if (draft !== undefined) run.tell(async () => [draft])
      if (event.type === 'synced') tellSource(event)
      if (event.type === 'trainingStarted') live.trainingStarted(event.slot, number)
      else if (event.type === 'published') live.published()
      else if (event.type === 'trainingEnded') {
        trainings++
        label = null
      }
      if (event.type === 'trainingEnded' || event.type === 'slotFailed') live.trainingEnded()
    },
    async sync(source, signal) {
      const done = live.syncing()
      try {
        const pass = await slot.pass(source, signal)
        tellPass(source, pass)
        return pass.result
      } finally {
        done()
      }
    },
    async obey(command) {
      if (command.type === 'askSources') return slot.askSources(signal)
      const { type, reason } = command
      if (type === 'train' || type === 'stopTraining') {
        const done = type === 'train' ? asks.ask(reason) : fits.stop(reason)
        const { at } = when()
        if (done.ok) run.tell(async () => [{ topic: 'control', at, body: { action: type, detail: reason } }])
        return done
      }
      if (type !== 'rollback') return obeyRelease(command)
      const done = await slot.takeBack(command.to, reason)
      if (!done.ok) return done
      const { from, to: now } = done.value
      const sentence = `rolled back from ${from?.label ?? 'the baseline'} to ${now?.label ?? 'the baseline'}`
      const { at } = when()
      const control = { action: 'rollback', detail: `${sentence}: ${reason}` }
      run.tell(async () => [
        swapEvent('rolledBack', done.value, reason, { at, bar }),
        { topic: 'control', at, body: control },
      ])
      return accepted(sentence)
    },
  }
}
