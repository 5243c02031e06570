// Which columns are levels that drift with the market, and the ratio that replaces each (TRAIN-02).

/** Per column: value = (minuend - subtrahend) / divisor, each the index of a raw column; -1 leaves the part out. */
export type LevelMap = {
  readonly minuend: readonly number[]
  readonly subtrahend: readonly number[]
  readonly divisor: readonly number[]
  /** What is added before the logarithm is taken; -1 where none is. */
  readonly log: readonly number[]
  /** False for a level whose ratio needs a column that the role does not have. */
  readonly used: readonly boolean[]
}

type Rule = {
  readonly minuend?: string
  readonly subtrahend?: string
  readonly divisor?: string
  readonly log?: number
}

const RULES: Readonly<Record<string, Rule>> = {
  price: { divisor: 'ema50', log: 0 },
  ema20: { minuend: 'price', subtrahend: 'ema20', divisor: 'atr' },
  ema50: { minuend: 'price', subtrahend: 'ema50', divisor: 'atr' },
  atr: { divisor: 'price' },
  volume: { log: 1 },
}

/**
 * @example levelMap(['price', 'atr']).used // [false, true]: no ema50 here, so price only divides
 */
export function levelMap(names: readonly string[]): LevelMap {
  const rules = names.map((name, own) => {
    const rule = Object.hasOwn(RULES, name) ? RULES[name]! : {}
    const place = (needed: string | undefined): number => (needed === undefined ? -1 : names.indexOf(needed))
    const used = [rule.minuend, rule.divisor].every(needed => needed === undefined || names.includes(needed))
    if (!used) return { minuend: own, subtrahend: -1, divisor: -1, log: -1, used }
    return {
      minuend: rule.minuend === undefined ? own : place(rule.minuend),
      subtrahend: place(rule.subtrahend),
      divisor: place(rule.divisor),
      log: rule.log ?? -1,
      used,
    }
  })
  return {
    minuend: rules.map(rule => rule.minuend),
    subtrahend: rules.map(rule => rule.subtrahend),
    divisor: rules.map(rule => rule.divisor),
    log: rules.map(rule => rule.log),
    used: rules.map(rule => rule.used),
  }
}
