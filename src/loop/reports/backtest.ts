// The report of a backtest: baselines first, then how sure, what it cost, what was tried, how it went, and how to make it again (REP-02).

import { isDaily } from '../../market/bar.ts'
import { count, number } from '../../report/format.ts'
import type { Instant, Report, Section } from '../../report/report.ts'
import { BASELINE_ID } from '../../trading/baseline.ts'
import type { BacktestResult } from '../run-backtest.ts'
import { dollars, percent } from './amounts.ts'
import { baselines, evidence } from './backtest-figures.ts'
import { parts } from './backtest-parts.ts'
import { triesBlocks } from './backtest-tries.ts'
import { equityPlots, LEAST_SESSIONS, LEAST_TRADES, monthTable, rollingSharpe } from './curves.ts'
import { codeFacts, type Origin, originSection } from './origin.ts'
import { pricePlot } from './price-plot.ts'
import { DISCLAIMER } from './terms.ts'
import { tradeTable } from './trades.ts'

export function costs({ costs, turnover, capital, assumptions, inSample, bars }: BacktestResult): Section {
  const { commissionDollars, carryDollars, slippageDollars, shareOfCapital } = costs
  const known =
    inSample === null
      ? []
      : [
          `In sample: the models were made with data up to ${day(inSample.until)}; ${count(inSample.bars)} of ${count(bars)} bars are no test of them`,
        ]
  return {
    title: 'Costs and assumptions',
    blocks: [
      {
        kind: 'figures',
        figures: [
          { label: 'Commission', ...dollars(commissionDollars) },
          ...(carryDollars === 0
            ? []
            : [{ label: 'Carry', ...dollars(carryDollars), note: 'borrow, funding and dividends' }]),
          { label: 'Slippage', ...dollars(slippageDollars), note: 'assumed, not measured' },
          {
            label: 'Costs together',
            ...percent(100 * shareOfCapital),
            note: `of ${number(capital, { unit: '$', digits: 0 })} at the start`,
          },
          {
            label: 'Turnover',
            value: turnover,
            digits: 1,
            unit: '×',
            note: 'traded value over the capital, both sides',
          },
        ],
      },
      { kind: 'list', items: [...known, ...assumptions] },
    ],
  }
}

export const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const trials = ({ tries }: BacktestResult): Section => ({
  title: 'Trials counted',
  blocks: triesBlocks(tries, 'backtest'),
})

export function course(result: BacktestResult, shows: Instant['shows']): Section {
  return {
    title: 'How it went',
    blocks: [...equityPlots(result, shows), pricePlot(result, shows), rollingSharpe(result, shows), monthTable(result)],
  }
}

export function limits(result: BacktestResult): Section {
  const { provenance, leak } = result
  const items = [
    ...(provenance === 'simulated'
      ? ['The bars come from a simulator: nothing here says anything about a market.']
      : []),
    'Fills are those of the paper broker on bars; queues, partial books, rejections and outages are not modelled.',
    'Slippage is a rule, so there is no measured slippage to plot. Calibration and importance of models stand in their training report.',
    leak === null
      ? 'No leak lint was run with it: --leak-check looks for decisions that know the future.'
      : `Leak lint: ${leak.leaks.length === 0 ? 'nothing was known before its time' : 'something was known before its time'}.`,
  ]
  return { title: 'Limits', blocks: [{ kind: 'list', items }] }
}

function toneOf({ against, inSample }: BacktestResult): Report['verdict']['tone'] {
  const beaten = against.filter(each => each.beaten).length
  if (beaten === 0) return 'bad'
  return beaten === against.length && inSample === null ? 'good' : 'mixed'
}

/** Whoever reads nothing else must know whether it was a test at all. */
function verdictOf({ sentence, inSample, bars }: BacktestResult): string {
  if (inSample === null) return sentence
  return `${sentence.replace(/\.$/, '')}; but the models had seen ${count(inSample.bars)} of the ${count(bars)} bars before, and there it is no test.`
}

const whoOf = ({ releaseDigest, models }: BacktestResult): string =>
  models === BASELINE_ID ? 'the rules' : releaseDigest === null ? models : `release ${models}`

/**
 * The same result and origin give the same report.
 *
 * @example renderReport(backtestReport(result, { facts, settings, command })).html
 */
export function backtestReport(result: BacktestResult, origin: Origin): Report {
  const { symbol, bars, from, to, models, provenance, seed, snapshotId, releaseDigest, fingerprint, barMs } = result
  const shows: Instant['shows'] = isDaily(barMs) ? 'day' : 'minute'
  const who = whoOf(result)
  return {
    schema: 'ratchet.report/1',
    kind: 'backtest',
    title: `Backtest of ${who} on ${symbol}`,
    subject: `${symbol}, ${count(bars)} bars, ${day(from)} to ${day(to)} UTC, ${who} decide${models === BASELINE_ID ? '' : 's'}, seed ${seed}`,
    verdict: { text: verdictOf(result), tone: toneOf(result) },
    marks: [
      'hypothetical execution',
      `${provenance} data`,
      ...(result.inSample === null ? [] : [`${count(result.inSample.bars)} of ${count(bars)} bars in sample`]),
      ...(result.trades.length < LEAST_TRADES || result.sessions.length < LEAST_SESSIONS ? ['thin evidence'] : []),
    ],
    sections: [
      baselines(result),
      evidence(result),
      costs(result),
      trials(result),
      course(result, shows),
      parts(result),
      { title: 'Trades', blocks: [tradeTable(result, shows)] },
      originSection(
        [
          { label: 'Data', text: `snapshot ${snapshotId}` },
          ...(releaseDigest === null ? [] : [{ label: 'Release', text: `${models}, manifest ${releaseDigest}` }]),
          ...codeFacts(origin),
          { label: 'Seed', text: String(seed) },
          { label: 'Fingerprint', text: `${fingerprint} over every fill and equity point` },
        ],
        origin,
      ),
      limits(result),
    ],
    disclaimer: DISCLAIMER,
  }
}
