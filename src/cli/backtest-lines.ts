// What a backtest came to, in lines for people.

import type { Compared } from '../loop/reports/compare.ts'
import type { BacktestResult } from '../loop/run-backtest.ts'
import type { WalkForwardResult } from '../loop/walk-forward.ts'
import type { Measure } from '../math/measure.ts'
import { number } from '../report/format.ts'
import { table, utcDay } from './lines.ts'

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`
const signed = (percentage: number): string => `${percentage >= 0 ? '+' : ''}${percentage.toFixed(1)} %`
const ratio = (value: number): string => value.toFixed(2)

function shown(measure: Measure, text: (value: number) => string): string {
  return measure.value === null ? `N/A: ${measure.reason}` : text(measure.value)
}

function measureRows({ measures }: BacktestResult): string[][] {
  const { sharpe, sortino, calmar, cvar, profitFactor, expectancy, winRate, drawdown } = measures
  const { interval } = sharpe
  const between = interval === null ? '' : `95 % ${ratio(interval.low)} to ${ratio(interval.high)}`
  return [
    ['Sharpe', shown(sharpe, ratio), between],
    ['Sortino', shown(sortino, ratio)],
    ['Calmar', shown(calmar, ratio)],
    ['max drawdown', percent(drawdown.fraction), `$${drawdown.amount.toFixed(0)}, ${drawdown.length} bars`],
    ['CVaR 95 %', shown(cvar, percent), cvar.value === null ? '' : 'mean of the worst 5 % of sessions'],
    ['profit factor', shown(profitFactor, ratio)],
    ['expectancy', shown(expectancy, value => `${ratio(value)} R`)],
    [
      'win rate',
      shown(winRate, percent),
      winRate.value === null ? '' : `95 % ${percent(winRate.low)} to ${percent(winRate.high)}`,
    ],
  ]
}

function benchmarkRows({ returnPct, maxDrawdown, benchmarks }: BacktestResult): string[][] {
  const { buyAndHold, random, incumbent } = benchmarks
  const rows = [
    ['this', signed(returnPct), `drawdown ${percent(maxDrawdown)}`],
    ['buy and hold', signed(buyAndHold.returnPct), `drawdown ${percent(buyAndHold.maxDrawdown)}, no costs`],
    ['staying flat', signed(0)],
    ...(incumbent === null
      ? []
      : [['release in charge', signed(incumbent.returnPct), `drawdown ${percent(incumbent.maxDrawdown)}`]]),
  ]
  if (random === null) return [...rows, ['random entries', 'N/A: no trade to compare']]
  const { low, median, high } = random.meanR
  const spread = `${ratio(median)} R a trade (5 to 95 %: ${ratio(low)} to ${ratio(high)})`
  return [...rows, ['random entries', spread, `${percent(random.beaten)} of ${random.runs} did worse`]]
}

function chanceRows({ monteCarlo }: BacktestResult): string[][] {
  const { reshuffle, bootstrap, noise, ruinAt } = monteCarlo
  const ruin = (risk: number) => `${percent(risk)} fall by ${percent(ruinAt)}`
  const rows: string[][] = []
  if (reshuffle !== null) {
    const { low, high } = reshuffle.maxDrawdown
    rows.push(['trades reshuffled', `drawdown ${percent(low)} to ${percent(high)}`, ruin(reshuffle.riskOfRuin)])
  }
  for (const [name, band] of [
    ['sessions redrawn', bootstrap],
    ['bars with noise', noise],
  ] as const) {
    if (band === null) continue
    const { low, high } = band.returnPct
    rows.push([name, `return ${signed(low)} to ${signed(high)}`, ruin(band.riskOfRuin)])
  }
  return rows
}

function gridLines({ grid }: BacktestResult): string[] {
  if (grid === null) return []
  const { down, across, cells } = grid
  const rows = cells.map((row, at) => [`  ${down.values[at]}`, ...row.map(({ returnPct }) => signed(returnPct))])
  return [`return by ${down.name} (down) and ${across.name}`, ...table([['', ...across.values.map(String)], ...rows])]
}

function triesLine({ tries }: BacktestResult): string {
  const { trials, deflatedSharpe, overfitting } = tries
  const counted = `${trials} ${trials === 1 ? 'configuration' : 'configurations'} tried`
  return `${counted}: deflated Sharpe ${shown(deflatedSharpe, ratio)}, overfitting ${shown(overfitting, ratio)}`
}

function leakLines({ leak }: BacktestResult): string[] {
  if (leak === null) return []
  const { samples, leaks } = leak
  if (leaks.length === 0)
    return [`no leak: decisions and fills never changed with what came after them (${samples} cuts)`]
  return [`${leaks.length} of ${samples} cuts leak: a decision knew of bars that came after it`]
}

export function backtestLines(result: BacktestResult): string[] {
  const { sentence, symbol, bars, from, to, models, seed, inSample, costs, exposure, fingerprint } = result
  const known =
    inSample === null
      ? []
      : [
          `In sample: the models were made with data up to ${utcDay(inSample.until)}; ${inSample.bars} of ${bars} bars are no test of them.`,
        ]
  const indented = (rows: string[][]) => table(rows).map(line => `  ${line}`)
  return [
    sentence,
    ...known,
    `${symbol}, ${bars} bars, ${utcDay(from)} to ${utcDay(to)}, models ${models}, seed ${seed}, ${result.provenance} data, hypothetical execution`,
    ...indented(measureRows(result)),
    'held against',
    ...indented(benchmarkRows(result)),
    'how else it could have gone (5 to 95 %)',
    ...indented(chanceRows(result)),
    `costs $${(costs.commissionDollars + costs.carryDollars + costs.slippageDollars).toFixed(0)} (${percent(costs.shareOfCapital)} of the capital), in the market ${percent(exposure)} of the bars`,
    ...result.assumptions.map(assumption => `  ${assumption}`),
    ...gridLines(result),
    triesLine(result),
    ...leakLines(result),
    `fingerprint ${fingerprint}`,
  ]
}

export function foldLines({ folds, days, accepted, acceptance }: WalkForwardResult): string[] {
  const valid = folds.filter(fold => fold.valid).length
  const verdict = accepted === null ? 'not judged: the Sharpe is not known' : accepted ? 'accepted' : 'not accepted'
  const { minSharpe, maxDrawdown, minFoldTrades } = acceptance
  return [
    `walk-forward: fitted on ${days.train} days, tested on ${days.test}, every ${days.step}, ${days.gap} between; ${verdict} (Sharpe of ${minSharpe} and drawdown of ${percent(maxDrawdown)} asked)`,
    `${valid} of ${folds.length} folds have ${minFoldTrades} trades or more`,
    ...table(
      folds.map(({ number, testFrom, testTo, rows, fault, trades, returnPct, maxDrawdown: fall }) => [
        `  ${number}`,
        `${utcDay(testFrom)} to ${utcDay(testTo)}`,
        fault ?? `${rows} rows`,
        `${trades} trades`,
        signed(returnPct),
        `drawdown ${percent(fall)}`,
      ]),
    ),
  ]
}

export function comparedLines({ with: other, figures }: Compared): string[] {
  const text = (value: number | null, style: { readonly unit: string; readonly digits: number }) =>
    value === null ? 'N/A' : number(value, style)
  const rows = figures.map(({ label, own, other: theirs, ...style }) => [
    `  ${label}`,
    text(own, style),
    text(theirs, style),
    own === null || theirs === null ? '' : number(own - theirs, { ...style, signed: true }),
  ])
  return [`this, and ${other}`, ...table(rows)]
}
