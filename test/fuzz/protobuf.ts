// Damage to a protobuf message that keeps it one: a field changed, doubled, dropped, moved or put into another message, with all
// lengths around it made right again.

import type { Rng } from '../../src/base/rng.ts'
import { chance, damaged, pick } from './mutate.ts'

type Field = { number: number; type: number; body: Buffer }

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left % 128) + 128)
  }
}

/** The fields of a message, or undefined where the bytes are none. */
function split(bytes: Buffer): Field[] | undefined {
  const fields: Field[] = []
  let at = 0
  const read = (): number | undefined => {
    let value = 0
    for (let scale = 1; at < bytes.length && scale < 2 ** 70; scale *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    return undefined
  }
  while (at < bytes.length) {
    const tag = read()
    if (tag === undefined || tag < 8 || tag >= 2 ** 32) return undefined
    const type = tag % 8
    let start = at
    if (type === 0) {
      if (read() === undefined) return undefined
    } else if (type === 2) {
      const length = read()
      if (length === undefined) return undefined
      start = at
      at += length
    } else if (type === 5) at += 4
    else if (type === 1) at += 8
    else return undefined
    if (at > bytes.length) return undefined
    fields.push({ number: Math.floor(tag / 8), type, body: bytes.subarray(start, at) })
  }
  return fields
}

const join = (fields: readonly Field[]): Buffer =>
  Buffer.concat(
    fields.flatMap(({ number, type, body }) => [
      varint(number * 8 + type),
      ...(type === 2 ? [varint(body.length)] : []),
      body,
    ]),
  )

const NUMBERS = [0, 1, 2, 7, 8, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 60]

function wounded(field: Field, rng: Rng): Field {
  if (chance(rng, 0.1)) return { ...field, number: 1 + rng.int(30) }
  if (field.type === 0) {
    if (chance(rng, 0.3)) return { ...field, body: Buffer.from([...Array<number>(9).fill(255), rng.int(3)]) }
    return { ...field, body: varint(chance(rng, 0.5) ? pick(rng, NUMBERS) : rng.int(40)) }
  }
  return { ...field, body: Buffer.from(damaged(field.body, rng)) }
}

/** The message with one thing done to it somewhere within. */
export function rewired(bytes: Uint8Array, rng: Rng): Uint8Array {
  const fields = split(Buffer.from(bytes))
  if (fields === undefined || fields.length === 0) return damaged(bytes, rng)
  const at = rng.int(fields.length)
  const field = fields[at]!
  if (field.type === 2 && field.body.length > 1 && chance(rng, 0.75)) {
    return new Uint8Array(join(fields.with(at, { ...field, body: Buffer.from(rewired(field.body, rng)) })))
  }
  const kind = rng.int(6)
  if (kind === 0) fields.splice(at, 1)
  else if (kind === 1) fields.splice(rng.int(fields.length + 1), 0, field)
  else if (kind === 2) fields.splice(rng.int(fields.length), 1, ...fields.splice(at, 1))
  else if (kind === 3)
    fields.push({ number: pick(rng, [1, 2, 5, 7, 9, 13, 20, 25, 99, 500]), type: 2, body: Buffer.from('stray') })
  else if (kind === 4) fields.push({ number: 1 + rng.int(24), type: 0, body: varint(pick(rng, NUMBERS)) })
  else fields[at] = wounded(field, rng)
  return new Uint8Array(join(fields))
}
