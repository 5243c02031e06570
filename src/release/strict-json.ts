// A strict RFC 8259 parser that keeps what JSON.parse forgets: duplicate keys are refused, `1` and `1.0` stay apart,
// integers keep every digit, no key is special (REL-20).

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { INTEGER_DIGITS_CAP, JSON_DEPTH_CAP } from './limits.ts'

/** An integer as its decimal digits (without `-0`), or an IEEE double. */
export type JsonNumber = { readonly integer: string } | { readonly float: number }
export type JsonObject = ReadonlyMap<string, JsonValue>
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
const WHITESPACE = /[ \t\n\r]*/y
// Everything a string may hold unescaped: from the space on, without quote and backslash.
const PLAIN_TEXT = /[ !#-[\]-\uffff]*/y
const HEX4 = /[0-9a-fA-F]{4}/y
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonValue {
    const value = this.#value(1)
    this.#skip(WHITESPACE)
    if (this.#at < this.#text.length) this.#fail('the end')
    return value
  }

  #fail(expected: string): never {
    throw new Fault('MANIFEST_SYNTAX', `expected ${expected} at character ${this.#at}`)
  }

  /** What a sticky pattern matches here, consumed. */
  #skip(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at += match[0].length
    return match
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #value(depth: number): JsonValue {
    this.#skip(WHITESPACE)
    if (this.#take('{')) return this.#object(depth)
    if (this.#take('[')) return this.#array(depth)
    if (this.#take('"')) return this.#string()
    if (this.#take('true')) return true
    if (this.#take('false')) return false
    if (this.#take('null')) return null
    return this.#number()
  }

  #enter(depth: number): void {
    if (depth > JSON_DEPTH_CAP) throw new Fault('MANIFEST_DEPTH', `nested deeper than ${JSON_DEPTH_CAP} levels`)
  }

  #object(depth: number): JsonObject {
    this.#enter(depth)
    const members = new Map<string, JsonValue>()
    this.#skip(WHITESPACE)
    if (this.#take('}')) return members
    for (;;) {
      this.#skip(WHITESPACE)
      if (!this.#take('"')) this.#fail('a key')
      const key = this.#string()
      if (members.has(key)) throw new Fault('MANIFEST_SYNTAX', `the key ${JSON.stringify(key)} stands twice`)
      this.#skip(WHITESPACE)
      if (!this.#take(':')) this.#fail('a colon')
      members.set(key, this.#value(depth + 1))
      this.#skip(WHITESPACE)
      if (this.#take('}')) return members
      if (!this.#take(',')) this.#fail('a comma or the end of the object')
    }
  }

  #array(depth: number): readonly JsonValue[] {
    this.#enter(depth)
    const items: JsonValue[] = []
    this.#skip(WHITESPACE)
    if (this.#take(']')) return items
    for (;;) {
      items.push(this.#value(depth + 1))
      this.#skip(WHITESPACE)
      if (this.#take(']')) return items
      if (!this.#take(',')) this.#fail('a comma or the end of the array')
    }
  }

  #string(): string {
    let text = ''
    for (;;) {
      text += this.#skip(PLAIN_TEXT)![0]
      if (this.#take('"')) break
      if (!this.#take('\\')) this.#fail('the end of a string')
      text += this.#escape()
    }
    if (!text.isWellFormed()) throw new Fault('MANIFEST_SYNTAX', 'a string holds half of a surrogate pair')
    return text
  }

  #escape(): string {
    if (this.#take('u')) {
      const digits = this.#skip(HEX4) ?? this.#fail('four hex digits')
      return String.fromCharCode(Number.parseInt(digits[0], 16))
    }
    const escaped = ESCAPES.get(this.#text.charAt(this.#at)) ?? this.#fail('an escape')
    this.#at += 1
    return escaped
  }

  #number(): JsonNumber {
    const match = this.#skip(NUMBER) ?? this.#fail('a value')
    const [literal, fraction, exponent] = match
    if (fraction === undefined && exponent === undefined) {
      const digits = literal.length - (literal.startsWith('-') ? 1 : 0)
      if (digits > INTEGER_DIGITS_CAP) throw new Fault('MANIFEST_NUMBER', `an integer of ${digits} digits`)
      return { integer: literal === '-0' ? '0' : literal }
    }
    const float = Number(literal)
    if (!Number.isFinite(float)) throw new Fault('MANIFEST_NUMBER', `${literal} is not a finite double`)
    return { float }
  }
}

/**
 * Faults: `MANIFEST_SYNTAX`, `MANIFEST_NUMBER`, `MANIFEST_DEPTH`.
 *
 * @example parseStrictJson(new TextEncoder().encode('{"a":1.0}')) // { ok: true, value: Map { 'a' => { float: 1 } } }
 */
export function parseStrictJson(bytes: Uint8Array): Outcome<JsonValue> {
  try {
    return { ok: true, value: new Parser(decodeUtf8(bytes)).document() }
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    throw cause
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('MANIFEST_SYNTAX', 'the bytes are not UTF-8', { cause })
  }
}

export const isJsonObject = (value: JsonValue): value is JsonObject => value instanceof Map

/**
 * The same document as plain values, for a schema to check. An integer beyond 2^53 - 1 is `MANIFEST_NUMBER`.
 * Keys like `__proto__` become ordinary own members.
 */
export function plainValue(value: JsonValue): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, plainValue(member)]))
  if (isArray(value)) return value.map(plainValue)
  if ('float' in value) return value.float
  if (!('integer' in value)) throw new TypeError('not a JSON value')
  const integer = Number(value.integer)
  if (!Number.isSafeInteger(integer)) {
    throw new Fault('MANIFEST_NUMBER', `the integer ${value.integer.slice(0, 24)} is beyond 2^53 - 1`)
  }
  return integer
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

/** A document that must be an object, as plain values. Adds `MANIFEST_SCHEMA` for anything else. */
export function parseStrictObject(bytes: Uint8Array, place: string): Outcome<unknown> {
  const json = parseStrictJson(bytes)
  if (!json.ok) return refused(json.fault.code, json.fault.message, { place, cause: json.fault })
  if (!isJsonObject(json.value)) return refused('MANIFEST_SCHEMA', 'must be an object', { place })
  try {
    return accepted(plainValue(json.value))
  } catch (cause) {
    if (cause instanceof Fault) return refused(cause.code, cause.message, { place, cause })
    throw cause
  }
}
