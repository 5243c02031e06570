// Markup that is safe by construction: what is put into a template is escaped unless a template made it.

class Markup {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

export type Html = Markup

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Longer texts are cut: no name or sentence of a report is longer. */
const LONGEST = 4_000

/**
 * Text for content and for quoted attributes. Control characters, line separators and marks that turn the direction of text become
 * U+FFFD: they could hide what is written.
 *
 * @example escaped('<b>') // '&lt;b&gt;'
 */
export function escaped(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return shown
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu, '\ufffd')
    .replace(/[&<>"']/g, character => ENTITIES[character]!)
}

export type Part = string | number | Html | readonly Html[] | undefined

function shown(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return part instanceof Markup ? part.toString() : part.map(String).join('')
}

/** @example html`<p>${'a < b'}</p>`.toString() // '<p>a &lt; b</p>' */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Markup(texts.reduce((made, text, at) => made + shown(parts[at - 1]) + text))
}

/** What this room wrote itself, as it stands: a style sheet, digits of a path. Never anything from outside. */
export const own = (text: string): Html => new Markup(text)
