// What people ask of a replay between two bars, done now; and done again when the run goes on where it stopped.

import type { Clock } from '../base/clock.ts'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { rollBack } from '../serving/rollback.ts'
import { updateOnce } from '../serving/updater.ts'
import type { Pulled } from '../trading/kill-scopes.ts'
import { forgedSource } from './drill.ts'
import { findRelease } from './model-catalogue.ts'
import { asOperator, type KeepingCommand, keep, releaseOf } from './operator.ts'
import { recallSet } from './recall.ts'
import type { ReplayAccount } from './replay-account.ts'
import type { Channel } from './replay-channel.ts'
import type { BarCommand } from './replay-control.ts'
import type { RunInput } from './replay-inputs.ts'
import { type ReplayTrainer, verdictOf } from './replay-trainer.ts'
import type { ReleaseCommand } from './run-control.ts'
import type { RunRecorder } from './run-recorder.ts'

export type CommandOptions = {
  readonly channel: Channel
  readonly recorder: RunRecorder
  readonly account: ReplayAccount
  readonly trainer: ReplayTrainer
  readonly clock: Clock
  readonly symbol: string
  readonly signal: AbortSignal
  /** What has pulled the kill switch, asked now. */
  readonly killed: () => Promise<Pulled | undefined>
  /** Entries were paused, or are made again. */
  readonly onPause: (reason: string | undefined) => void
  /** A training is asked for, or asked for again. @returns false where one waits already */
  readonly onTrain: (reason: string) => boolean
  /** A set was taken back, now or in an earlier start of the run. */
  readonly onTakenBack: () => void
}

export interface BarCommands {
  /** @param bar the next one */
  act(command: BarCommand, bar: number): Promise<Outcome<string>>
  /** What was asked for at this bar in an earlier start of the run. */
  again(input: RunInput): Promise<void>
}

type RollbackCommand = Extract<BarCommand, { type: 'rollback' }>

export function barCommands(options: CommandOptions): BarCommands {
  const { channel, recorder, account, trainer, clock, symbol, signal, killed, onPause } = options
  const { installation } = channel
  const { slot, registry } = installation

  const tell = (action: string, detail: string): Promise<void> => {
    recorder.event({ topic: 'control', at: clock.now(), body: { action, detail } })
    return recorder.flush(true)
  }
  const labelled = (set: ModelSet | undefined) =>
    set === undefined ? null : { label: set.label, manifestSha256: set.digest }

  async function takeBack({ to, reason }: RollbackCommand, bar: number): Promise<Outcome<string>> {
    const rows = await registry.releases(channel.name)
    const target = to === undefined ? undefined : findRelease(to, rows).digest
    const from = slot.current()
    const done = await rollBack(
      { cause: reason, proven: false, ...(target === undefined ? {} : { to: target }) },
      installation,
    )
    if (!done.ok) return done
    options.onTakenBack()
    const now = slot.current()
    const input: RunInput = { kind: 'rollback', to: labelled(now) }
    recorder.input(bar, input)
    const change = {
      from: from?.digest ?? null,
      to: now?.digest ?? null,
      label: now?.label ?? null,
      bar,
      cause: reason,
    }
    recorder.event({ topic: 'swap', at: clock.now(), body: { event: 'rolledBack', ...change } })
    const sentence = `rolled back from ${from?.label ?? 'the baseline'} to ${now?.label ?? 'the baseline'}`
    await tell('rollback', `${sentence}: ${reason}`)
    return accepted(sentence)
  }

  async function rehearse(bar: number): Promise<Outcome<string>> {
    const release = trainer.newest()
    if (release === undefined)
      return refused('NOTHING_PUBLISHED', 'there is no release to forge yet', { fix: 'wait for the first' })
    const result = await updateOnce({
      source: forgedSource(channel.source, release.label),
      policy: channel.policy(symbol),
      memory: channel.memory,
      installation,
      gateContext: () => {
        throw new Error('a forged release came as far as the gates')
      },
      signal,
    })
    const verdict = verdictOf(result)
    const { releaseId, label } = release
    recorder.event({
      topic: 'judged',
      at: clock.now(),
      body: { drill: true, releaseId, label, digest: null, gates: [], bar, ...verdict },
    })
    await recorder.flush(true)
    if (verdict.verdict === 'refused') return accepted(`the forged release was refused: ${verdict.decidedBy}`)
    return refused('DRILL_MISSED', `a forged release was not refused: ${verdict.verdict}`, {
      fix: 'stop and report this',
    })
  }

  async function resumeTrading(reason: string, bar: number): Promise<Outcome<string>> {
    const why = await killed()
    if (why !== undefined) return refused('STILL_KILLED', why.reason, { fix: 'remove the file, then resume' })
    if (account.riskState().state !== 'HALTED' && account.paused() === undefined) {
      return refused('NOT_HALTED', 'trading is neither halted nor paused')
    }
    resume()
    const input: RunInput = { kind: 'resumeTrading' }
    recorder.input(bar, input)
    await tell('resume', reason)
    return accepted('trading goes on')
  }

  function resume(): void {
    account.resume()
    onPause(undefined)
  }

  async function pauseEntries(reason: string, bar: number): Promise<Outcome<string>> {
    const known = account.paused()
    if (known !== undefined) return refused('ALREADY_PAUSED', `entries are paused: ${known}`)
    account.pause(reason)
    onPause(reason)
    recorder.input(bar, { kind: 'pauseEntries', reason })
    await tell('pauseEntries', reason)
    return accepted('entries are paused: what is open is managed, nothing new is entered')
  }

  async function flatten(reason: string, bar: number): Promise<Outcome<string>> {
    if (!account.flatten()) return refused('FLAT', 'nothing is open and nothing would enter')
    recorder.input(bar, { kind: 'flatten' })
    await tell('flatten', reason)
    return accepted('what is open is closed at the next open; trading goes on')
  }

  async function trainNow(reason: string, bar: number): Promise<Outcome<string>> {
    if (!options.onTrain(reason)) return refused('ALREADY_ASKED', 'a training is asked for already')
    recorder.input(bar, { kind: 'train', reason })
    await tell('train', reason)
    return accepted('a training begins at the next bar that has something new to learn from')
  }

  async function promote(
    { release, reason, override }: Extract<ReleaseCommand, { type: 'promote' }>,
    bar: number,
  ): Promise<Outcome<string>> {
    const { digest, label, releaseId } = findRelease(release, await registry.releases(channel.name))
    const from = slot.current()
    const { outcome, gates } = await trainer.promote({ digest, label, reason, override }, bar)
    const at = clock.now()
    if (gates !== undefined) {
      const { results, decidedBy } = gates.report
      const verdict = outcome.ok ? ('installed' as const) : ('refused' as const)
      const detail = outcome.ok ? '' : outcome.fault.message
      const judged = { drill: false, releaseId, label, digest, gates: results, bar, verdict, decidedBy, detail }
      recorder.event({ topic: 'judged', at, body: judged })
    }
    if (!outcome.ok) {
      await recorder.flush(true)
      return outcome
    }
    recorder.input(bar, { kind: 'promote', to: { label, manifestSha256: digest } })
    const change = { from: from?.digest ?? null, to: digest, label, bar, cause: reason }
    recorder.event({ topic: 'swap', at, body: { event: 'activated', ...change } })
    const sentence = `promoted ${label} in place of ${from?.label ?? 'the baseline'}`
    await tell('promote', `${sentence}: ${reason}`)
    return accepted(sentence)
  }

  async function keepRelease(command: KeepingCommand, bar: number): Promise<Outcome<string>> {
    const { type, reason } = command
    const own = { ...registry, releases: () => registry.releases(channel.name) }
    const row = await releaseOf(command, { registry: own, slot: slot.name, nowMs: clock.now() })
    if (!row.ok) return row
    const done = await keep(type, row.value, reason, asOperator(installation))
    if (!done.ok) return done
    if (type === 'block') recorder.input(bar, { kind: 'block', manifestSha256: row.value.digest })
    await tell(type, `${done.value}: ${reason}`)
    return done
  }

  async function obey(command: BarCommand, bar: number): Promise<Outcome<string>> {
    if (command.type === 'rollback') return takeBack(command, bar)
    if (command.type === 'drill') return rehearse(bar)
    if (command.type === 'pauseEntries') return pauseEntries(command.reason, bar)
    if (command.type === 'flatten') return flatten(command.reason, bar)
    if (command.type === 'resumeTrading') return resumeTrading(command.reason, bar)
    if (command.type === 'train') return trainNow(command.reason, bar)
    return command.type === 'promote' ? promote(command, bar) : keepRelease(command, bar)
  }

  return {
    async act(command, bar) {
      try {
        return await obey(command, bar)
      } catch (cause) {
        // A name that fits nothing is the asker's fault and no reason to end the run.
        if (cause instanceof Fault) return { ok: false, fault: cause }
        throw cause
      }
    },
    async again(input) {
      const recalled = (to: Parameters<typeof recallSet>[0]) => recallSet(to, { channel, symbol, clock, signal })
      if (input.kind === 'resumeTrading') resume()
      else if (input.kind === 'flatten') account.flatten()
      else if (input.kind === 'train') options.onTrain(input.reason)
      else if (input.kind === 'pauseEntries') {
        account.pause(input.reason)
        onPause(input.reason)
      } else if (input.kind === 'promote') slot.swap(await recalled(input.to))
      else if (input.kind === 'block' && slot.previous()?.digest === input.manifestSha256) slot.dropPrevious()
      else if (input.kind === 'rollback') {
        options.onTakenBack()
        slot.swap(input.to === null ? undefined : await recalled(input.to))
        slot.dropPrevious()
      }
    },
  }
}
