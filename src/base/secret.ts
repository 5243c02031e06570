// Secret bytes that cannot be printed by accident: text, JSON and inspection all give `[secret]`.

const HIDDEN = '[secret]'

export class Secret {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = Uint8Array.from(bytes)
  }

  /** The bytes, for the one call that needs them. */
  reveal(): Uint8Array {
    return this.#bytes
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN
  }
}

/**
 * The UTF-8 bytes of the text as given; a text of hex digits is not decoded (REL-12).
 *
 * @example `${secretText('hunter2')}` // '[secret]'
 */
export function secretText(text: string): Secret {
  return new Secret(new TextEncoder().encode(text))
}

export function secretBytes(bytes: Uint8Array): Secret {
  return new Secret(bytes)
}
