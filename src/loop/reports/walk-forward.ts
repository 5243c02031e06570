// The report of a walk-forward backtest: that of a backtest over the stitched tests, with its folds and what was asked of them (BT-03).

import { isDaily } from '../../market/bar.ts'
import { count } from '../../report/format.ts'
import type { Cell, Instant, Report, Section } from '../../report/report.ts'
import type { WalkFold, WalkForwardResult } from '../walk-forward.ts'
import { dollars, gain, percent, whole } from './amounts.ts'
import { costs, course, day, limits } from './backtest.ts'
import { baselines, evidence } from './backtest-figures.ts'
import { parts } from './backtest-parts.ts'
import { triesBlocks } from './backtest-tries.ts'
import { LEAST_SESSIONS, LEAST_TRADES } from './curves.ts'
import { codeFacts, type Origin, originSection } from './origin.ts'
import { DISCLAIMER, MEASURES } from './terms.ts'
import { tradeTable } from './trades.ts'

function foldRow(fold: WalkFold): Cell[] {
  const { number, trainFrom, asOf, testFrom, testTo, fault, rows, effectiveRows, baselineRoles, trades } = fold
  const models = fault ?? (baselineRoles.length === 0 ? 'all trained' : `stand-in: ${baselineRoles.join(', ')}`)
  return [
    String(number),
    `${day(trainFrom)} to ${day(asOf)}`,
    `${day(testFrom)} to ${day(testTo)}`,
    rows === null || effectiveRows === null
      ? { value: null, note: 'no models' }
      : { value: rows, digits: 0, note: `${effectiveRows.toFixed(0)} effective` },
    models,
    { ...whole(trades), ...(fold.valid ? {} : { note: 'too few' }) },
    { ...dollars(fold.netDollars), signed: true },
    gain(fold.returnPct),
    percent(100 * fold.maxDrawdown),
  ]
}

function folds({ folds: all, days, acceptance }: WalkForwardResult): Section {
  const columns = ['Fold', 'Learned from', 'Tested on', 'Rows', 'Models', 'Trades', 'Net'].map(label => ({ label }))
  return {
    title: 'Fold by fold',
    blocks: [
      {
        kind: 'table',
        title: `${count(all.length)} folds`,
        columns: [...columns, MEASURES.return, MEASURES.drawdown],
        rows: all.map(foldRow),
        note: `Each fold learns from ${days.train} days and decides on the ${days.test} days that follow, ${days.gap} days later; the next begins after ${days.step}. A fold says something from ${acceptance.minFoldTrades} trades on. An open position keeps its exits when the next fold takes over.`,
      },
      {
        kind: 'bars',
        title: 'Return by fold',
        unit: '%',
        digits: 1,
        bars: all.map(({ number, returnPct, trades }) => ({ label: String(number), value: returnPct, n: trades })),
        of: 'trades',
      },
    ],
  }
}

function trials({ folds: all, tries }: WalkForwardResult): Section {
  const text = `Fitted ${count(all.length)} times on moving windows; re-fits are looks, not trials.`
  return { title: 'Trials counted', blocks: [{ kind: 'text', text }, ...triesBlocks(tries, 'walk-forward run')] }
}

function verdictOf({ accepted, acceptance, measures, maxDrawdown, sentence, folds: all }: WalkForwardResult) {
  const { minSharpe, maxDrawdown: most, minFoldTrades } = acceptance
  const asked = `a Sharpe of ${minSharpe} and a drawdown of at most ${(100 * most).toFixed(0)} %`
  if (accepted === null) {
    const { value, reason } = measures.sharpe as { value: number | null; reason?: string }
    return { text: `Not judged against ${asked}: ${value === null ? reason : ''}. ${sentence}`, tone: 'bad' as const }
  }
  const valid = all.filter(fold => fold.valid).length
  const found = `Sharpe ${measures.sharpe.value!.toFixed(2)}, drawdown ${(100 * maxDrawdown).toFixed(1)} %, ${valid} of ${all.length} folds with ${minFoldTrades} trades or more`
  const word = accepted ? 'Accepted' : 'Not accepted'
  return {
    text: `${word} out of sample: ${found}; asked is ${asked}. ${sentence}`,
    tone: accepted ? ('good' as const) : ('bad' as const),
  }
}

/**
 * The same result and origin give the same report.
 *
 * @example renderReport(walkForwardReport(result, { facts, settings, command })).html
 */
export function walkForwardReport(result: WalkForwardResult, origin: Origin): Report {
  const { symbol, bars, from, to, provenance, seed, snapshotId, fingerprint, barMs, trades, sessions } = result
  const shows: Instant['shows'] = isDaily(barMs) ? 'day' : 'minute'
  return {
    schema: 'ratchet.report/1',
    kind: 'walk-forward',
    title: `Walk-forward of ${symbol}`,
    subject: `${symbol}, ${count(bars)} bars out of sample, ${day(from)} to ${day(to)} UTC, ${result.models} decide, seed ${seed}`,
    verdict: verdictOf(result),
    marks: [
      'hypothetical execution',
      `${provenance} data`,
      'out of sample',
      ...(trades.length < LEAST_TRADES || sessions.length < LEAST_SESSIONS ? ['thin evidence'] : []),
    ],
    sections: [
      baselines(result),
      evidence(result),
      folds(result),
      costs(result),
      trials(result),
      course(result, shows),
      parts(result),
      { title: 'Trades', blocks: [tradeTable(result, shows)] },
      originSection(
        [
          { label: 'Data', text: `snapshot ${snapshotId}` },
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
