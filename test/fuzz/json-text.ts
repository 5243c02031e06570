// JSON that is sound, odd but sound, or just not JSON: made from tokens, so that most of it reaches the parser's depths.

import type { Rng } from '../../src/base/rng.ts'
import { chance, pick } from './mutate.ts'

const NUMBERS = [
  '0', '-0', '1', '-1', '9007199254740991', '9007199254740993', '123456789012345678901234567890',
  '1.0', '-0.0', '0.1', '1e5', '1E+5', '1e-7', '5e-324', '1.7976931348623157e308', '100.0', '1e16', '1e22', '0.0001',
] // biome-ignore format: numbers that are read, by kind
const NO_NUMBERS = [
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '0x10',
  'NaN',
  'Infinity',
  '-',
  '1e400',
  '--1',
  `1${'0'.repeat(4_300)}`,
  '1_0',
]
const STRINGS = [
  '""', '"a"', '"é"', '"\\u00e9"', '"\\ud83d\\ude00"', '"😀"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"__proto__"', '"constructor"',
  '"10"', '"signature"', '"Signature"', '"\u007f"', '"\\u0000"', '"a\\u0041"',
] // biome-ignore format: strings that are read, by kind
const NO_STRINGS = ['"\\ud83d"', '"\\ude00\\ud83d"', '"\\x41"', '"\\u12"', '"a\nb"', '"\t"', "'a'", '"', '"\\']
const SPACES = ['', '', '', ' ', '\n', '\t', '\r\n', '  ']
const NO_SPACES = ['\u00a0', '\v', '\ufeff', '//\n', '/**/', '\0']

const space = (rng: Rng): string => pick(rng, chance(rng, 0.002) ? NO_SPACES : SPACES)
const stringText = (rng: Rng): string =>
  chance(rng, 0.01) ? pick(rng, NO_STRINGS) : chance(rng, 0.5) ? pick(rng, STRINGS) : `"k${rng.int(40)}"`
const numberText = (rng: Rng): string =>
  chance(rng, 0.01) ? pick(rng, NO_NUMBERS) : chance(rng, 0.5) ? pick(rng, NUMBERS) : String(rng.int(1_000_000) / 8)

/** A value of some depth; now and then one that no strict parser reads. */
export function jsonText(rng: Rng, depth = 0): string {
  const within = space(rng)
  const kind = rng.int(depth > 5 ? 5 : 8)
  if (kind === 0)
    return pick(rng, ['null', 'true', 'false', 'nul', 'True', 'nulll'].slice(0, chance(rng, 0.05) ? 6 : 3))
  if (kind < 3) return `${within}${numberText(rng)}${space(rng)}`
  if (kind < 5) return `${within}${stringText(rng)}`
  const comma = () => `${space(rng)},${space(rng)}`
  const end = chance(rng, 0.005) ? ',' : ''
  const items = Array.from({ length: rng.int(5) }, () => {
    const value = jsonText(rng, depth + 1)
    return kind === 5 ? value : `${stringText(rng)}${space(rng)}:${space(rng)}${value}`
  })
  const text = items.reduce((all, item) => (all === '' ? item : `${all}${comma()}${item}`), '')
  return kind === 5 ? `[${within}${text}${end}]` : `{${within}${text}${end}}`
}

/** Around a value: nesting up to and beyond the cap. */
export function nested(rng: Rng, text: string): string {
  const levels = chance(rng, 0.05) ? 25 + rng.int(12) : 0
  const array = chance(rng, 0.5)
  return array ? '['.repeat(levels) + text + ']'.repeat(levels) : '{"a":'.repeat(levels) + text + '}'.repeat(levels)
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[{}[\],:]|true|false|null/g

/** The text with one token changed, doubled, dropped or swapped with another. */
export function retoken(text: string, rng: Rng): string {
  const tokens = [...text.matchAll(TOKEN)]
  if (tokens.length === 0) return text
  const token = pick(rng, tokens)
  const other = pick(rng, tokens)[0]
  const [before, after] = [text.slice(0, token.index), text.slice(token.index + token[0].length)]
  const kind = rng.int(7)
  if (kind === 0) return before + after
  if (kind === 1) return before + other + after
  if (kind === 2) return `${before}${token[0]}${token[0]}${after}`
  if (kind === 3) return before + space(rng) + token[0] + space(rng) + after
  if (kind === 4) return before + jsonText(rng, 3) + after
  if (kind === 5) return before + escaped(token[0], rng) + after
  return `${before}${token[0]},${stringText(rng)}:${jsonText(rng, 4)}${after}`
}

/** The same string in another spelling, the same number in another form. */
function escaped(token: string, rng: Rng): string {
  if (/^-?[0-9]/.test(token)) return pick(rng, [`${token}.0`, `${token}e0`, `-${token}`, `0${token}`, `${token}0`])
  if (!token.startsWith('"') || token.length < 3 || token.includes('\\')) return token
  const at = 1 + rng.int(token.length - 2)
  return `${token.slice(0, at)}\\u${token.charCodeAt(at).toString(16).padStart(4, '0')}${token.slice(at + 1)}`
}
