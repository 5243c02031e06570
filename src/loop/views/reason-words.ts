// Reason codes of the brain, the rules and the broker as sentences for people. A code without words fails a test.

import type { Reason } from '../../trading/decision.ts'

type Words = (value: string, limit: string) => string

const plain = (value: number | null): string =>
  value === null ? '?' : Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 4 })
const percent = (value: number | null): string => (value === null ? '?' : `${plain(value * 100)} %`)
const money = (value: number | null): string => (value === null ? '?' : `$${plain(value)}`)

type Line = { readonly words: Words; readonly as?: (value: number | null) => string }
const say = (words: Words, as?: Line['as']): Line => (as === undefined ? { words } : { words, as })

const WORDS: Readonly<Record<string, Line>> = {
  NO_CANDIDATE: say(() => 'no strategy saw a trade at this bar'),
  MODEL_NONFINITE: say(() => 'the model gave no usable number, and what cannot be read is not traded'),
  INFERENCE_LATE: say(() => 'the model did not answer in time, and nothing is traded on a guess'),
  INFERENCE_FAILED: say(() => 'the process of the model gave no answer, and nothing is traded on a guess'),
  FEATURE_MISSING: say(
    (value, limit) =>
      `this bar has ${value} of the ${limit} columns that the model was trained with, and it is not asked`,
  ),
  CLASS_UNKNOWN: say(() => 'the model knows none of the strategies that fired'),
  CLASSIFIER_NONE: say(
    (own, none) => `the model thinks no trade (${none}) at least as likely to be right as this one (${own})`,
    percent,
  ),
  NO_CALIBRATION: say(() => 'the model has no reference yet to say how sure it is'),
  CONFIDENCE: say((value, limit) => `confidence ${value} is below the ${limit} that an entry needs`, percent),
  EXPECTED_R: say(
    (value, limit) => `the expected profit, ${value} times the risk, is below the ${limit} that an entry needs`,
  ),
  POSITION_OPEN: say(() => 'a position is open already, and no more than the allowed number is held at once'),
  HANDOFF_KEEP: say(() => 'the set that took charge would hold the position too'),
  HANDOFF_REDUCE: say(
    (value, limit) => `the set that took charge would hold ${value} of the ${limit} lots, and no more`,
  ),
  HANDOFF_NONE: say(
    (own, none) =>
      `the set that took charge thinks no trade (${none}) at least as likely to be right as this one (${own})`,
    percent,
  ),
  HANDOFF_EXPECTED_R: say(
    (value, limit) => `the set that took charge expects ${value} times the risk of the position; it wants ${limit}`,
  ),
  HANDOFF_SIDE: say(() => 'the strategy has turned to the other side since another set took charge'),
  HANDOFF_SIZE: say(() => 'the set that took charge would not hold a single lot of the position'),
  HANDOFF_FLATTEN: say(() => 'the set that entered was taken back, and its positions are closed'),
  LATE: say((value, limit) => `the decision came ${value} ms after its bar; at most ${limit} ms are allowed`),
  MODEL_STALE: say(() => 'the model in charge is older than allowed'),
  ENTRIES_PAUSED: say(() => 'a person has paused entries: what is open is managed, nothing new is entered'),
  KILLED: say(() => 'the kill switch is pulled: nothing is entered'),
  RUNAWAY: say(
    () => 'orders or fills that nobody here meant, or too many orders: everything stops until a person resumes',
  ),
  NOT_ACTIVE: say(() => 'the account takes no entries at the moment'),
  SYMBOL: say(() => 'this symbol is not among those that may be traded'),
  CLOSED: say(() => 'the market is closed or about to close when the order would go live'),
  NEWS: say(
    (value, limit) =>
      `scheduled news is ${value} minutes from the moment the order would go live; more than ${limit} are needed`,
  ),
  DAILY_LOSS: say((value, limit) => `${value} of the daily loss limit is used; entries end at ${limit}`, percent),
  WEEKLY_LOSS: say((value, limit) => `${value} of the weekly loss limit is used; entries end at ${limit}`, percent),
  DRAWDOWN: say((value, limit) => `the drawdown stands in the way: ${value} against a limit of ${limit}`),
  NO_STOP: say(() => 'the order has no stop on its losing side'),
  RISK_PER_TRADE: say((value, limit) => `the trade would risk ${value}; at most ${limit} are allowed`, money),
  RISK_REWARD: say((value, limit) => `the target is ${value} away; ${limit} are needed for the risk`),
  SIZE_ZERO: say(
    (value, limit) => `the risk money, ${value}, does not pay for one lot, which may lose ${limit}`,
    money,
  ),
  MAX_POSITION: say((value, limit) => `the position would be too large: ${value} against ${limit}`),
  MAX_TRADES: say((value, limit) => `${value} entries were made already; the limit is ${limit}`),
  CORRELATION: say(
    (value, limit) => `positions that move together would plan to lose ${value} at their stops; ${limit} are allowed`,
    money,
  ),
  COOLDOWN: say((value, limit) => `after losses in a row a pause is due: ${value} of ${limit}`),
  STALE_QUOTE: say((value, limit) => `the market data are ${value} bars old; at most ${limit} are allowed`),
  COLLAR: say((value, limit) => `the last move of ${value} is outside the collar of ${limit}`),
  SPREAD: say((value, limit) => `the spread of ${value} is wider than ${limit}`),
  ORDER_RATE: say((value, limit) => `${value} orders were sent of ${limit} that are allowed in this time`),
  DUPLICATE: say(() => 'an entry is out already, and the same decision never orders twice'),
  UNKNOWN_POSITION: say(() => 'the position at the broker is unknown or not what the ledger says'),
  BROKER_DISCONNECTED: say(() => 'the broker is not connected'),
  BROKER_REJECTED: say(() => 'the broker refused the order'),
  ORDER_POSITION: say(() => 'there is no position that the order could close'),
  ORDER_ROLE: say(() => 'the order is neither an entry nor an exit'),
  ORDER_QUANTITY: say(() => 'the order is not for a whole number of lots'),
  ORDER_PRICE: say(() => 'the order lacks the price that its type needs'),
}

/** A halt that closed the position names its cause, and has no figures. */
const HALTS: Readonly<Record<string, string>> = {
  DAILY_LOSS: 'the daily loss limit is reached: the position is closed and nothing is entered until tomorrow',
  WEEKLY_LOSS: 'the weekly loss limit is reached: the position is closed and nothing is entered until next week',
  DRAWDOWN: 'the drawdown limit is reached: the position is closed and nothing is entered',
}

export const REASON_CODES: ReadonlySet<string> = new Set(Object.keys(WORDS))

/**
 * A code that has no words yet is said as it is.
 *
 * @example reasonText({ code: 'CONFIDENCE', value: 0.62, limit: 0.7 }) // 'confidence 62 % is below the 70 % that an entry needs'
 */
export function reasonText({ code, value, limit }: Reason): string {
  const line = WORDS[code]
  if (line === undefined) return code
  const { words, as = plain } = line
  if (value === null && limit === null) return HALTS[code] ?? words(as(value), as(limit))
  return words(as(value), as(limit))
}
