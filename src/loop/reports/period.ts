// The report of a trade date or a month of a run: what came of it, beside doing nothing and holding, and what the loop did meanwhile (REP-01).

import { isDaily } from '../../market/bar.ts'
import { drawdown } from '../../math/performance.ts'
import { wilsonInterval } from '../../math/trade-performance.ts'
import { count } from '../../report/format.ts'
import type { Block, Cell, Instant, Line, Report, Section } from '../../report/report.ts'
import type { StoredPoint } from '../../trading/read-model.ts'
import type { Period } from '../period.ts'
import { dollars, gain, percent, whole } from './amounts.ts'
import { fallsOf, fewer, LEAST_SESSIONS, LEAST_TRADES } from './curves.ts'
import { codeFacts, type Origin, originSection } from './origin.ts'
import { decisionSection, loopSection, tradeSection } from './period-parts.ts'
import { DISCLAIMER, MEASURES } from './terms.ts'

type Curve = { readonly label: string; readonly values: readonly (number | null)[] }

/** The account and what it is held against, dollars; the previous release only where there was one throughout. */
function curvesOf(points: readonly StoredPoint[]): readonly [Curve, ...Curve[]] {
  const of = (micros: (point: StoredPoint) => number | null): (number | null)[] =>
    points.map(point => {
      const value = micros(point)
      return value === null ? null : value / 1e6
    })
  const hold = of(({ holdMicros }) => holdMicros)
  const previous = of(({ previousMicros }) => previousMicros)
  return [
    { label: 'this account, after costs', values: of(({ equityMicros }) => equityMicros) },
    ...(hold.includes(null) ? [] : [{ label: 'buy and hold, no costs', values: hold }]),
    ...(previous.includes(null) ? [] : [{ label: 'the release before, always', values: previous }]),
  ]
}

const known = (values: readonly (number | null)[]): number[] => values.filter(value => value !== null)
const returnOf = (values: readonly number[]): number => 100 * (values.at(-1)! / values[0]! - 1)

function baselines({ points }: Period): Section {
  const rows: Cell[][] = curvesOf(points).map(({ label, values }) => {
    const equity = known(values)
    return [label, gain(returnOf(equity)), percent(100 * drawdown(equity).fraction)]
  })
  rows.splice(1, 0, ['staying flat', gain(0), percent(0)])
  const columns = [{ label: 'What' }, MEASURES.return, MEASURES.drawdown]
  return {
    title: 'Beside the baselines',
    blocks: [{ kind: 'table', title: 'The account and what it is held against', columns, rows }],
  }
}

function evidence({ trades, sessions, points }: Period): Section {
  const n = trades.length
  const wins = trades.filter(({ netMicros }) => netMicros > 0).length
  const thin = `${n} trades, ${LEAST_TRADES} are needed`
  const { low, high } = wilsonInterval(wins, n)
  const meanR = trades.reduce((sum, { r }) => sum + r, 0) / n
  const rate = n < LEAST_TRADES ? { value: null, note: thin } : { value: (100 * wins) / n, unit: '%', digits: 1 }
  const [account] = curvesOf(points)
  return {
    title: 'How sure: interval and sample',
    blocks: [
      {
        kind: 'figures',
        figures: [
          { ...MEASURES.return, ...gain(returnOf(known(account.values))), n: sessions.length, of: 'sessions' },
          { ...MEASURES.winRate, ...rate, n, of: 'trades', ...(n === 0 ? {} : { low: 100 * low, high: 100 * high }) },
          {
            ...MEASURES.expectancy,
            ...(n < LEAST_TRADES ? { value: null, note: thin } : { value: meanR, unit: 'R', digits: 3, signed: true }),
            n,
            of: 'trades',
          },
          { ...MEASURES.sharpe, value: null, note: `${sessions.length} sessions, ${LEAST_SESSIONS} are needed` },
          { label: 'Trades', ...whole(n), note: `${wins} won` },
        ],
      },
    ],
  }
}

function costs({ trades }: Period): Section {
  const sum = (of: (trade: Period['trades'][number]) => number): number =>
    trades.reduce((total, trade) => total + of(trade), 0) / 1e6
  return {
    title: 'Costs and assumptions',
    blocks: [
      {
        kind: 'figures',
        figures: [
          {
            label: 'Gross',
            ...dollars(sum(({ grossMicros }) => grossMicros)),
            signed: true,
            note: 'slippage is in the prices',
          },
          { label: 'Commission', ...dollars(sum(({ costsMicros }) => costsMicros)) },
          { label: 'Net', ...dollars(sum(({ netMicros }) => netMicros)), signed: true },
        ],
      },
      {
        kind: 'text',
        text: 'Of the trades that were closed in this time; what is open is in the equity, at its mark.',
      },
    ],
  }
}

function course({ points, sessions, kind }: Period, shows: Instant['shows']): Section {
  const times = points.map(({ at }) => at)
  const plot = (title: string, unit: string, digits: number, lines: readonly Line[]): Block => ({
    kind: 'lines',
    title,
    unit,
    digits,
    shows,
    ...fewer({ times, lines }),
  })
  const curves = curvesOf(points)
  const blocks: Block[] = []
  if (points.length > 2) {
    blocks.push(
      plot(
        'Equity',
        '$',
        0,
        curves.map(curve => ({ ...curve, shape: 'line' })),
      ),
      plot('Drawdown', '%', 1, [{ label: 'this account', shape: 'area', values: fallsOf(known(curves[0].values)) }]),
    )
  } else blocks.push({ kind: 'missing', title: 'Equity', reason: 'one bar makes no curve' })
  if (kind === 'monthly') {
    blocks.push({
      kind: 'bars',
      title: 'Return by trade date',
      unit: '%',
      digits: 2,
      bars: sessions.map(session => ({ label: session.date.slice(8), value: 100 * session.return })),
    })
  }
  return { title: 'How it went', blocks }
}

function verdictOf({ points, trades }: Period): Report['verdict'] {
  const [own, ...others] = curvesOf(points).map(({ values }) => returnOf(known(values)))
  const hold = curvesOf(points)[1]?.label.startsWith('buy') === true ? others[0] : undefined
  const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(2)} %`
  const n = trades.length
  const against = hold === undefined ? '' : `; buy and hold ${signed(hold)}: ${own! > hold ? 'beaten' : 'not beaten'}`
  const text = `${signed(own!)} after costs, ${n} trade${n === 1 ? '' : 's'} closed${against}.`
  return { text, tone: own! > 0 && (hold === undefined || own! > hold) ? 'good' : own! < 0 ? 'bad' : 'mixed' }
}

/**
 * The same records and origin give the same report.
 *
 * @example renderReport(periodReport(await periodOf({ kind: 'daily' }, state), origin)).html
 */
export function periodReport(period: Period, origin: Origin): Report {
  const { kind, name, run, facts, sessions, trades } = period
  const shows: Instant['shows'] = isDaily(facts.barMs) ? 'day' : 'minute'
  return {
    schema: 'ratchet.report/1',
    kind,
    title: `${kind === 'daily' ? 'Trade date' : 'Month'} ${name} of ${run.symbol}`,
    subject: `${run.symbol}, ${count(sessions.length)} session${sessions.length === 1 ? '' : 's'}, run ${run.runId}, seed ${run.seed}`,
    verdict: verdictOf(period),
    marks: [
      'hypothetical execution',
      `${facts.provenance} data`,
      ...(trades.length < LEAST_TRADES ? ['thin evidence'] : []),
    ],
    sections: [
      baselines(period),
      evidence(period),
      costs(period),
      loopSection(period),
      course(period, shows),
      decisionSection(period),
      tradeSection(period, shows),
      originSection(
        [
          { label: 'Data', text: `snapshot ${run.dataHash}` },
          { label: 'Run', text: `${run.runId}, code ${facts.codeVersion}, configuration ${run.configSnapshot}` },
          ...codeFacts(origin),
          { label: 'Seed', text: run.seed },
        ],
        origin,
      ),
      {
        title: 'Limits',
        blocks: [
          {
            kind: 'list',
            items: [
              'Days are trade dates of the market by the clock of the run, which in a replay is that of the bars.',
              'It is made from the records of this state directory: elsewhere the command finds other runs.',
              'Fills are those of the paper broker on bars; queues, partial books, rejections and outages are not modelled.',
            ],
          },
        ],
      },
    ],
    disclaimer: DISCLAIMER,
  }
}
