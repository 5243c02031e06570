// The strict JSON parser against the engine's parser.

import { canonicalText } from '../../src/release/canonical.ts'
import { isJsonObject, type JsonValue, parseStrictJson } from '../../src/release/strict-json.ts'
import { jsonText, nested, retoken } from './json-text.ts'
import { chance, damaged } from './mutate.ts'
import { membersWritten, secondReading } from './second-json.ts'
import { agree, type FuzzTarget, Misread } from './target.ts'

const utf8 = new TextEncoder()

const members = (value: JsonValue): number => {
  if (value === null || typeof value !== 'object') return 0
  if (isJsonObject(value)) return [...value.values()].reduce((sum, member) => sum + 1 + members(member), 0)
  return Array.isArray(value)
    ? (value as readonly JsonValue[]).reduce<number>((sum, item) => sum + members(item), 0)
    : 0
}

/** Throws where the document is not what the engine reads, has lost a member, or changes when it is written and read again. */
export function checkDocument(bytes: Uint8Array, value: JsonValue): void {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const canonical = canonicalText(value)
  agree('document', secondReading(canonical), secondReading(text))
  if (members(value) !== membersWritten(text)) throw new Misread(`${membersWritten(text)} members were written`)
  const again = parseStrictJson(utf8.encode(canonical))
  agree('canonical form', again.ok ? canonicalText(again.value) : again.fault.code, canonical)
}

export const json: FuzzTarget = rng => {
  let text = nested(rng, jsonText(rng))
  if (chance(rng, 0.3)) text = retoken(text, rng)
  const whole = utf8.encode(text)
  const bytes = chance(rng, 0.4) ? damaged(whole, rng) : whole
  return {
    bytes,
    read() {
      const outcome = parseStrictJson(bytes)
      if (outcome.ok) checkDocument(bytes, outcome.value)
      return outcome.ok
    },
  }
}
