// Standard base64 with padding, and nothing that merely decodes (REL-13).

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Undefined for text that our encoder would not have written: other alphabets, missing padding, stray bits. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? Uint8Array.from(bytes) : undefined
}
