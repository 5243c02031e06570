// Messages over a pipe: a small JSON head and a body of bytes, each with its length before it. Whoever reads bounds both.

import { Fault } from '../../base/fault.ts'

export type Frame = { readonly head: unknown; readonly body: Uint8Array }

const LENGTHS = 8
const HEAD_CAP = 64 * 1024
/** The largest model (32 MiB) and, in either direction, the rows of any question. */
export const BODY_CAP = 64 * 1024 * 1024

const EMPTY = new Uint8Array(0)

/** Two pieces, so that a large body is not copied. */
export function frameOf(head: unknown, body: Uint8Array = EMPTY): readonly [Uint8Array, Uint8Array] {
  const text = Buffer.from(JSON.stringify(head))
  const start = Buffer.alloc(LENGTHS + text.length)
  start.writeUInt32LE(text.length, 0)
  start.writeUInt32LE(body.byteLength, 4)
  text.copy(start, LENGTHS)
  return [start, body]
}

/**
 * Takes chunks as they come and gives the frames that are whole. Fault: `FRAME_INVALID` for a length beyond the caps or a head that is
 * not JSON; nothing after it can be read.
 *
 * @example
 * const read = frameReader()
 * read(Buffer.concat(frameOf({ kind: 'run' }, bytes))) // [{ head: { kind: 'run' }, body: bytes }]
 */
export function frameReader(): (chunk: Uint8Array) => readonly Frame[] {
  let lengths = Buffer.alloc(LENGTHS)
  let rest: Buffer | undefined
  let headLength = 0
  let filled = 0
  return chunk => {
    const frames: Frame[] = []
    let at = 0
    while (at < chunk.length) {
      const target = rest ?? lengths
      const taken = Math.min(target.length - filled, chunk.length - at)
      target.set(chunk.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled < target.length) break
      filled = 0
      if (rest === undefined) {
        headLength = lengths.readUInt32LE(0)
        rest = Buffer.allocUnsafeSlow(checked(headLength, lengths.readUInt32LE(4)))
      } else {
        frames.push({ head: parsed(rest.subarray(0, headLength)), body: rest.subarray(headLength) })
        rest = undefined
        lengths = Buffer.alloc(LENGTHS)
      }
    }
    return frames
  }
}

function checked(head: number, body: number): number {
  if (head >= 2 && head <= HEAD_CAP && body <= BODY_CAP) return head + body
  throw new Fault('FRAME_INVALID', `a message of ${head} and ${body} bytes is none of ours`)
}

function parsed(head: Buffer): unknown {
  try {
    return JSON.parse(head.toString('utf8')) as unknown
  } catch (cause) {
    throw new Fault('FRAME_INVALID', 'the head of a message is not JSON', { cause })
  }
}

/** The values behind a body, which may begin at any byte. */
export const floatsOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array =>
  new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength - (byteLength % 4)))

export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
