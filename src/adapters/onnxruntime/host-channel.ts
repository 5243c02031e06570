// Memory that the thread that decides and the thread of a host share: one question at a time, whose asker may stop waiting at any moment.
// Each question has a number, and number and phase are one word, so that an answer that comes late fits no later question.

import { Fault } from '../../base/fault.ts'

/** Values that one question or one answer holds at most. */
export const CHANNEL_VALUES = 1_048_576

const WORDS = 8
const STATE = 0
const BELL = 1
const MODEL = 2
const ROWS = 3
const LENGTH = 4

const IDLE = 0
const ASKED = 1
const WRITING = 2
const DONE = 3
const FAILED = 4
const PHASES = 8
/** Numbers go round; by then nobody waits for the first one any more. */
const NUMBERS = 2 ** 28

const word = (number: number, phase: number): number => number * PHASES + phase

export type ChannelMemory = SharedArrayBuffer

export const channelMemory = (): ChannelMemory =>
  new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT + 2 * CHANNEL_VALUES * Float32Array.BYTES_PER_ELEMENT)

type Parts = { readonly words: Int32Array; readonly question: Float32Array; readonly answer: Float32Array }

function partsOf(memory: ChannelMemory): Parts {
  const start = WORDS * Int32Array.BYTES_PER_ELEMENT
  return {
    words: new Int32Array(memory, 0, WORDS),
    question: new Float32Array(memory, start, CHANNEL_VALUES),
    answer: new Float32Array(memory, start + CHANNEL_VALUES * Float32Array.BYTES_PER_ELEMENT, CHANNEL_VALUES),
  }
}

/** The asker's end. */
export type Asker = {
  /**
   * Blocks until the answer is there, at most `withinMs`. Faults: `INFERENCE_LATE`, `INFERENCE_FAILED` with the reason.
   *
   * @returns a copy
   */
  ask(model: number, rows: Float32Array, count: number, withinMs: number): Float32Array
}

export function asker(memory: ChannelMemory): Asker {
  const { words, question, answer } = partsOf(memory)
  let number = 0
  const take = (): Float32Array => answer.slice(0, words[LENGTH])
  return {
    ask(model, rows, count, withinMs) {
      number = (number + 1) % NUMBERS
      question.set(rows)
      words[MODEL] = model
      words[ROWS] = count
      words[LENGTH] = rows.length
      const asked = word(number, ASKED)
      Atomics.store(words, STATE, asked)
      Atomics.add(words, BELL, 1)
      Atomics.notify(words, BELL)
      Atomics.wait(words, STATE, asked, withinMs)
      // Whoever is not being answered at this moment is not waited for.
      if (Atomics.compareExchange(words, STATE, asked, word(number, IDLE)) === asked) {
        throw new Fault('INFERENCE_LATE', `no answer within ${withinMs} ms`, { fix: 'abstain from this decision' })
      }
      Atomics.wait(words, STATE, word(number, WRITING))
      if (Atomics.load(words, STATE) === word(number, DONE)) return take()
      const bytes = Uint8Array.from(new Uint8Array(answer.buffer, answer.byteOffset, words[LENGTH]))
      throw new Fault('INFERENCE_FAILED', new TextDecoder().decode(bytes), { fix: 'abstain from this decision' })
    },
  }
}

export type Question = { readonly model: number; readonly rows: Float32Array; readonly count: number }

/** Calls `answerOf` for one question after the other, for ever. One that was given up before its turn is left out: nothing piles up. */
export async function answerQuestions(
  memory: ChannelMemory,
  answerOf: (question: Question) => Promise<Float32Array>,
): Promise<never> {
  const { words, question, answer } = partsOf(memory)
  const reply = (asked: number, write: () => number, phase: number): void => {
    const number = Math.floor(asked / PHASES)
    if (Atomics.compareExchange(words, STATE, asked, word(number, WRITING)) !== asked) return
    words[LENGTH] = write()
    Atomics.store(words, STATE, word(number, phase))
    Atomics.notify(words, STATE)
  }
  const serve = async (asked: number, given: Question): Promise<void> => {
    try {
      const values = await answerOf(given)
      reply(asked, () => (answer.set(values), values.length), DONE)
    } catch (cause) {
      const text = new TextEncoder().encode((cause instanceof Error ? cause.message : String(cause)).slice(0, 2_000))
      const room = new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength)
      reply(asked, () => (room.set(text), text.length), FAILED)
    }
  }
  for (let heard = 0; ; ) {
    const bell = Atomics.waitAsync(words, BELL, heard)
    if (bell.async) await bell.value
    heard = Atomics.load(words, BELL)
    const asked = Atomics.load(words, STATE)
    if (asked % PHASES !== ASKED) continue
    const given = { model: words[MODEL]!, count: words[ROWS]!, rows: question.slice(0, words[LENGTH]) }
    // The asker may have given up and asked another one meanwhile: what was read is then neither.
    if (Atomics.load(words, STATE) === asked) await serve(asked, given)
  }
}
