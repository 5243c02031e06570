// The loop as the serving thread sees it: commands go out and are answered, news comes in.

import type { MessagePort } from 'node:worker_threads'
import type { Clock } from '../../base/clock.ts'
import { Fault, type Outcome } from '../../base/fault.ts'
import type { ReadingListener } from '../../base/meter.ts'
import type { CallListener } from '../../base/resilience/call-fact.ts'
import type { Timer } from '../../base/timer.ts'
import type { FromWindow, ToWindow } from './message.ts'
import { outcomeOf } from './wire.ts'

export type RemoteControlOptions = {
  readonly port: Pick<MessagePort, 'postMessage' | 'on'>
  readonly timer: Timer
  /** Never goes back. */
  readonly clock: Clock
  /** After it a command is answered with a fault; the loop may still do it. */
  readonly answerMs?: number
  readonly onClose: () => void
}

export interface RemoteControl<Command, Live> {
  send(command: Command): Promise<Outcome<string>>
  live(): Live | undefined
  onLive(listener: (state: Live) => void): () => void
  onCommitted(listener: (seq: number) => void): () => void
  onCall(listener: CallListener): () => void
  onReadings(listener: ReadingListener<string>): () => void
  /** Since the loop's thread was heard of last, ms. */
  silenceMs(): number
}

/** Refusal beside those of the loop: `CONTROL_TIMEOUT`. */
export function remoteControl<Command, Live>({
  port,
  timer,
  clock,
  answerMs = 10_000,
  onClose,
}: RemoteControlOptions): RemoteControl<Command, Live> {
  const asked = new Map<number, (outcome: Outcome<string>) => void>()
  const onLive = new Set<(state: Live) => void>()
  const onCommitted = new Set<(seq: number) => void>()
  const onCall = new Set<CallListener>()
  const onReadings = new Set<ReadingListener<string>>()
  let live: Live | undefined
  let id = 0
  let heardAt = clock.now()

  port.on('message', (message: ToWindow<Live>) => {
    heardAt = clock.now()
    if (message.type === 'close') onClose()
    else if (message.type === 'beat') return
    else if (message.type === 'answer') asked.get(message.id)?.(outcomeOf(message.outcome))
    else if (message.type === 'call') for (const listener of onCall) listener(message.fact)
    else if (message.type === 'readings') for (const listener of onReadings) listener(message.readings)
    else if (message.type === 'committed') for (const listener of onCommitted) listener(message.seq)
    else {
      live = message.state
      for (const listener of onLive) listener(message.state)
    }
  })

  const listen = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    live: () => live,
    silenceMs: () => clock.now() - heardAt,
    onLive: listener => listen(onLive, listener),
    onCommitted: listener => listen(onCommitted, listener),
    onCall: listener => listen(onCall, listener),
    onReadings: listener => listen(onReadings, listener),
    async send(command) {
      const own = ++id
      const answer = Promise.withResolvers<Outcome<string>>()
      asked.set(own, answer.resolve)
      const patience = new AbortController()
      const late = timer.sleep(answerMs, patience.signal).then(
        (): Outcome<string> => ({
          ok: false,
          fault: new Fault(
            'CONTROL_TIMEOUT',
            `the loop did not answer within ${answerMs / 1000} s; it may still do it`,
            {
              fix: 'look at the status before asking again',
            },
          ),
        }),
        () => answer.promise,
      )
      const message: FromWindow<Command> = { type: 'command', id: own, command }
      port.postMessage(message)
      try {
        return await Promise.race([answer.promise, late])
      } finally {
        asked.delete(own)
        patience.abort()
      }
    },
  }
}
