// What a run did in a trade date or a month: trainings, verdicts and handovers, decisions, trades.

import { count } from '../../report/format.ts'
import type { Block, Cell, Instant, Section } from '../../report/report.ts'
import type { StoredEvent } from '../../trading/read-model.ts'
import type { Period } from '../period.ts'
import type { RunEventBodies } from '../run-event.ts'
import { whole } from './amounts.ts'
import { MEASURES } from './terms.ts'

/** Rows of a table of trades: the newest. */
const ROWS = 250

function eventText({ topic, body }: StoredEvent): string {
  const bodies = JSON.parse(body) as RunEventBodies[keyof RunEventBodies]
  if (topic === 'judged') {
    const { label, verdict, decidedBy, drill } = bodies as RunEventBodies['judged']
    return `${drill ? 'DRILL: ' : ''}release ${label ?? 'without a name'} ${verdict}${decidedBy === null ? '' : ` by ${decidedBy}`}`
  }
  if (topic === 'swap') {
    const { event, label, cause } = bodies as RunEventBodies['swap']
    return `${event === 'rolledBack' ? 'rolled back to' : 'now decides:'} ${label ?? 'the rules'} (${cause})`
  }
  const { state, cause } = bodies as RunEventBodies['risk']
  if (state === 'ACTIVE' && cause !== '') return `most of a loss limit is used: ${cause}`
  return `risk ${state}${cause === '' ? '' : `: ${cause}`}`
}

export function loopSection({ trainings, events, labels }: Period): Section {
  const blocks: Block[] = []
  if (trainings.length === 0) blocks.push({ kind: 'missing', title: 'Trainings', reason: 'there were none' })
  else {
    blocks.push({
      kind: 'table',
      title: `${count(trainings.length)} trainings`,
      columns: ['Training', 'As of', 'Ended', 'Rows', 'Release'].map(label => ({ label })),
      rows: trainings.map(({ number, asOf, status, fault, rows, releaseId }): Cell[] => [
        number === null ? 'by hand' : String(number),
        { time: asOf, shows: 'minute' },
        fault === null ? status : `${status}: ${fault}`,
        rows === null ? { value: null, note: 'none' } : whole(rows),
        releaseId === null ? '–' : (labels.get(releaseId) ?? releaseId),
      ]),
    })
  }
  if (events.length === 0) {
    blocks.push({
      kind: 'missing',
      title: 'Verdicts, handovers, halts',
      reason: 'none is on record; those of runs that ended more than a week ago are no longer kept',
    })
  } else {
    blocks.push({
      kind: 'table',
      title: 'Verdicts, handovers, halts',
      columns: [{ label: 'When' }, { label: 'What' }],
      rows: events.map((event): Cell[] => [{ time: event.at, shows: 'minute' }, eventText(event)]),
    })
  }
  return { title: 'What the loop did', blocks }
}

export function decisionSection({ decisions }: Period): Section {
  const bars = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([label, value]) => ({ label, value }))
      .sort((a, b) => b.value - a.value || (a.label < b.label ? -1 : 1))
      .slice(0, 15)
  const plot = (title: string, of: Readonly<Record<string, number>>): Block =>
    Object.keys(of).length === 0
      ? { kind: 'missing', title, reason: 'there were none' }
      : { kind: 'bars', title, unit: 'decisions', digits: 0, bars: bars(of) }
  return {
    title: 'Decisions',
    blocks: [plot('Decisions', decisions.outcomes), plot('Why nothing was entered', decisions.reasons)],
  }
}

export function tradeSection({ trades, facts, labels }: Period, shows: Instant['shows']): Section {
  if (trades.length === 0) {
    return { title: 'Trades', blocks: [{ kind: 'missing', title: 'Trades', reason: 'none was closed' }] }
  }
  const price = (steps: number): Cell => ({ value: steps * facts.step, digits: 2 })
  return {
    title: 'Trades',
    blocks: [
      {
        kind: 'table',
        title: `${count(trades.length)} closed trades`,
        columns: [
          ...['Left', 'Strategy', 'Version', 'Side, lots', 'Entry', 'Exit', 'Exit by', 'Net'].map(label => ({ label })),
          MEASURES.r,
          { label: 'Decision' },
        ],
        rows: trades
          .slice(-ROWS)
          .map((trade): Cell[] => [
            { time: trade.exitTime, shows },
            trade.strategy,
            labels.get(trade.releaseId) ?? trade.releaseId,
            `${trade.side === 1 ? 'long' : 'short'} ${trade.quantity}`,
            price(trade.entry),
            price(trade.exit),
            trade.exitReason,
            { value: trade.netMicros / 1e6, unit: '$', digits: 2, signed: true },
            { value: trade.r, digits: 2, signed: true },
            trade.decisionId,
          ]),
        total: trades.length,
      },
    ],
  }
}
