// The report of a rehearsal: what was done to a copy of the installation, what had to come of it, what came, and how long it took (SRV-80).

import type { Block, Report } from '../../report/report.ts'
import type { DrillOutcome, DrillRun, LoadFigures } from '../drills/drill.ts'
import { codeFacts, type Origin } from './origin.ts'

const column = (label: string, meaning: string) => ({ label, meaning })

const verdictOf = ({ passed, missed, skipped, score }: DrillRun): Report['verdict'] => {
  const rest = skipped === 0 ? '' : `, ${skipped} could not be run`
  if (score === null) return { text: `no fault could be rehearsed${rest}`, tone: 'mixed' }
  const text = `${passed} of ${passed + missed} rehearsed faults ended as they must${rest}`
  return { text, tone: missed > 0 ? 'bad' : skipped > 0 ? 'mixed' : 'good' }
}

const observedOf = (outcome: DrillOutcome): string =>
  outcome.verdict === 'skipped' ? outcome.reason : outcome.observed

const WORDS = { pass: 'passed', miss: 'MISSED', skipped: 'SKIPPED' } as const

function outcomeTable(outcomes: readonly DrillOutcome[]): Block {
  return {
    kind: 'table',
    title: 'Faults',
    columns: [
      column('Drill', 'As it is asked for on the command line.'),
      column('Result', 'A fault that could not be made here is skipped, never passed.'),
      column('Fault', 'What was done to the copy.'),
      column('Expected', 'What must come of it.'),
      column('Observed', 'What came of it.'),
      column('Time to safe', 'From the fault to the moment when the installation was safe.'),
    ],
    rows: outcomes.map(outcome => [
      outcome.name,
      WORDS[outcome.verdict],
      outcome.title,
      outcome.expected,
      observedOf(outcome),
      outcome.verdict === 'skipped'
        ? { value: null, note: 'not run' }
        : { value: outcome.safeAfterMs, unit: 'ms', digits: 1 },
    ]),
  }
}

function loadTable(load: readonly LoadFigures[]): Block {
  const ms = (value: number) => ({ value: value * 1000, unit: 'μs', digits: 2 })
  return {
    kind: 'table',
    title: 'A decision before, during and after a rollback',
    columns: [
      column('Load', 'Decisions between two turns of the event loop.'),
      column('Decisions a second', 'Before the rollback.'),
      column('Before', 'Mean time of a decision.'),
      column('During', 'Mean time of a decision while the set was taken back.'),
      column('After', 'Mean time of a decision.'),
    ],
    rows: load.map(one => [
      one.load,
      { value: one.decisionsPerSecond, digits: 0 },
      ms(one.beforeMs),
      ms(one.duringMs),
      ms(one.afterMs),
    ]),
  }
}

/** @example drillReport(await runDrills(request, state, ports), origin).verdict.tone // 'good' */
export function drillReport(run: DrillRun, origin: Origin): Report {
  const load = run.outcomes.flatMap(outcome => (outcome.verdict === 'skipped' ? [] : (outcome.load ?? [])))
  return {
    schema: 'ratchet.report/1',
    kind: 'drill',
    title: 'Drill',
    subject: `${run.outcomes.length} faults rehearsed on copies of the installation; the live one was only read`,
    verdict: verdictOf(run),
    marks: [],
    sections: [
      {
        title: 'Score',
        blocks: [
          {
            kind: 'figures',
            figures: [
              {
                label: 'Score',
                meaning: 'Passed of those that could be run.',
                value: run.score === null ? null : 100 * run.score,
                unit: '%',
                digits: 0,
                note: run.score === null ? 'none could be run' : undefined,
                n: run.passed + run.missed,
                of: 'drills',
              },
              { label: 'Missed', value: run.missed, digits: 0 },
              { label: 'Skipped', value: run.skipped, digits: 0 },
            ],
          },
          outcomeTable(run.outcomes),
          ...(load.length === 0 ? [] : [loadTable(load)]),
        ],
      },
      {
        title: 'Origin',
        blocks: [
          { kind: 'facts', facts: codeFacts(origin) },
          { kind: 'command', text: origin.command },
        ],
      },
    ],
    disclaimer:
      'A rehearsal shows what this installation does with these faults. It says nothing of faults that are not in the list.',
  }
}
