// JSON read a second time, by the engine's own parser: what our strict parser accepts must mean the same there.

/**
 * A document in one spelling: keys sorted, integers with every digit, other numbers by value, text unescaped.
 *
 * @param without top-level members that are left out
 */
export function secondReading(text: string, without: readonly string[] = []): string {
  const document: unknown = JSON.parse(text, literal)
  if (typeof document !== 'object' || document === null || without.length === 0) return JSON.stringify(sorted(document))
  return JSON.stringify(sorted(Object.fromEntries(Object.entries(document).filter(([key]) => !without.includes(key)))))
}

type Context = { readonly source?: string }

/** The source text access of ECMA-262 keeps `1` and `1.0` apart and every digit of a large integer. */
function literal(this: unknown, _key: string, value: unknown, context?: Context): unknown {
  if (typeof value !== 'number') return value
  const source = context?.source ?? ''
  if (!/^-?[0-9]+$/.test(source)) return { float: Object.is(value, -0) ? '-0' : String(value) }
  return { integer: String(BigInt(source)) }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  // As pairs: an own key `__proto__` and number-like keys stay what and where they are.
  return { entries: entries.map(([key, member]) => [key, sorted(member)]) }
}

/** Members that the text writes down, told from its tokens alone: more than the parsed document has means one was given twice. */
export function membersWritten(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"([ \t\r\n]*:)?/gs)].filter(([, colon]) => colon !== undefined).length
}
