// What was asked of a release: the quality floors of its evaluation and the gates of this installation.

import type { Evaluation } from '../../release/evaluation.ts'
import type { Block, Cell, Section } from '../../report/report.ts'
import type { GateReport } from '../../serving/gates/run.ts'

function figure(value: number | string | null): Cell {
  if (typeof value === 'number') return { value, digits: 4 }
  if (value === null) return '–'
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value
}

export function gateTables(evaluation: Evaluation, gates: GateReport | null | undefined): Section {
  const columns = ['Gate', 'Value', 'Limit', 'Result', 'Why'].map(label => ({ label }))
  const result = (text: string, paper: boolean | undefined): string => {
    const shape = text === 'pass' ? '▲ ' : text === 'notApplicable' ? '' : '▼ '
    return `${shape}${text === 'notApplicable' ? 'does not apply' : text}${paper === true ? ', allowed on paper' : ''}`
  }
  const blocks: Block[] = [
    {
      kind: 'table',
      title: 'Quality floors of a live account',
      columns: columns.slice(0, 4),
      rows: evaluation.gates.map(({ gate, value, limit, result: said, paper }) => [
        gate,
        figure(value),
        figure(limit),
        result(said, paper),
      ]),
      note: 'On the holdout of the strategy model.',
    },
  ]
  if (gates === null) blocks.push({ kind: 'missing', title: 'Gates of this installation', reason: 'none was asked' })
  if (gates !== null && gates !== undefined) {
    blocks.push({
      kind: 'table',
      title: `Gates of this installation: ${gates.verdict}${gates.decidedBy === null ? '' : `, decided by ${gates.decidedBy}`}`,
      columns,
      rows: gates.results.map(({ gate, value, limit, result: said, reason = '', paper }) => [
        gate,
        figure(value),
        figure(limit),
        result(said, paper),
        reason,
      ]),
      ...(gates.notRun.length === 0 ? {} : { note: `Not asked after that: ${gates.notRun.join(', ')}.` }),
    })
  }
  return { title: 'Gates', blocks }
}
