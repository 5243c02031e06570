// Canonical text of a parsed document, byte for byte what Python's
// `json.dumps(obj, sort_keys=True, separators=(",", ":"))` writes (REL-20).

import type { JsonObject, JsonValue } from './strict-json.ts'

/** @example canonicalText(new Map([['b', { float: 1 }], ['a', 'é']])) // '{"a":"\\u00e9","b":1.0}' */
export const canonicalText = (value: JsonValue): string => written(value, '', ',', ':', '')

/** The same for people to read: `json.dumps(obj, sort_keys=True, indent=2)`. */
export const indentedText = (value: JsonValue): string => written(value, '\n', ',', ': ', '  ')

function written(value: JsonValue, line: string, comma: string, colon: string, indent: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quoted(value)
  if ('integer' in value) return value.integer
  if ('float' in value) return pythonFloat(value.float)
  const inner = (item: JsonValue) => written(item, line + indent, comma, colon, indent)
  const within = (open: string, items: readonly string[], close: string) =>
    items.length === 0
      ? open + close
      : `${open}${line}${indent}${items.join(`${comma}${line}${indent}`)}${line}${close}`
  if (!(value instanceof Map)) return within('[', (value as readonly JsonValue[]).map(inner), ']')
  const members = [...(value as JsonObject)]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([key, member]) => quoted(key) + colon + inner(member))
  return within('{', members, '}')
}

/** UTF-8 keeps the order of code points, which UTF-16 units do not. */
const compareCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

// JSON.stringify escapes quote, backslash and controls just as Python does; all beyond `~` is left to us.
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * A finite double as Python's `repr` writes it: shortest digits that round-trip, decimal for -4 <= exponent < 16.
 *
 * @example pythonFloat(1e16) // '1e+16'
 */
export function pythonFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  const [mantissa, power] = value.toExponential().split('e') as [string, string]
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, '0')
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`
  }
  // Between 1e-4 and 1e16 JavaScript writes decimals too, from the same shortest digits (ECMA-262, Number::toString).
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}
