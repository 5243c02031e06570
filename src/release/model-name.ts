// What a model is called for people and for downloads (REL-03). A label: what a model is, says the digest of its content.

/** Parts of a name; none holds a dot. */
export type ModelName = {
  readonly family: string
  readonly symbol: string
  readonly strategy: string
  readonly regime: string
  readonly semVer: string
  /** First 8 hex of the sha256 of the content. */
  readonly sha8: string
}

const PART = '([A-Za-z0-9_-]{1,64})'
const NAME = new RegExp(
  `^${PART}\\.${PART}\\.${PART}\\.${PART}\\.v((?:0|[1-9]\\d{0,8})(?:\\.(?:0|[1-9]\\d{0,8})){2})\\+([0-9a-f]{8})\\.onnx$`,
)

/**
 * @param sha256 of the content, 64 hex
 * @example modelFileName({ family: 'ratchet', symbol: 'ES', strategy: 'all', regime: 'all', semVer: '1.2.0', sha256 })
 * // 'ratchet.ES.all.all.v1.2.0+71fed988.onnx'
 */
export function modelFileName({
  family,
  symbol,
  strategy,
  regime,
  semVer,
  sha256,
}: Omit<ModelName, 'sha8'> & { readonly sha256: string }): string {
  return `${family}.${symbol}.${strategy}.${regime}.v${semVer}+${sha256.slice(0, 8)}.onnx`
}

/** The parts of a file name, or undefined where it is not of this scheme. */
export function parseModelFileName(file: string): ModelName | undefined {
  const parts = NAME.exec(file)
  if (parts === null) return undefined
  const [, family, symbol, strategy, regime, semVer, sha8] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return { family, symbol, strategy, regime, semVer, sha8 }
}
