// What `ratchet up` prints: the live line, and the summary at the end.

import type { ReplayView } from '../loop/replay.ts'
import type { ReplaySummary } from '../loop/replay-summary.ts'
import type { Measure } from '../math/measure.ts'

const percent = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(2)} %`

export function liveLine({ bar, bars, time, equity, inCharge, text }: ReplayView): string {
  const date = new Date(time).toISOString().slice(0, 10)
  return `PAPER ${date} bar ${bar}/${bars} equity ${equity.toFixed(0)} in charge ${inCharge}${text === '' ? '' : ` | ${text}`}`
}

function figureLines({ figures }: ReplaySummary): string[] {
  const { sharpe, deflatedSharpe, trials, randomBeaten } = figures
  const shown = (measure: Measure) => (measure.value === null ? `N/A (${measure.reason})` : measure.value.toFixed(2))
  const chance = randomBeaten === null ? 'N/A (no trade)' : `${(100 * randomBeaten).toFixed(0)} % did worse`
  return [
    `Sharpe         ${shown(sharpe)}, deflated ${shown(deflatedSharpe)} after ${trials} ${trials === 1 ? 'trial' : 'trials'}; random entries: ${chance}; staying flat ${percent(0)}`,
  ]
}

export function summaryLines(summary: ReplaySummary, stateDirectory: string): string[] {
  const { releases, refusedBy, trainingsFailed, returnPct, buyAndHoldPct, trades } = summary
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none'
  return [
    `${summary.symbol}: ${summary.bars} bars, ${summary.candidates} candidate rows, ${summary.effectiveRows.toFixed(0)} effective at the last training`,
    `trainings      ${summary.trainings} (without release: ${listed(trainingsFailed)}; skipped: ${summary.trainingsSkipped})`,
    `releases       ${releases.published} published, ${releases.installed} installed, ${releases.refused} refused (by ${listed(refusedBy)})`,
    ...(releases.installed === 0
      ? ['               no release was installed: the rule-based baseline decided throughout']
      : []),
    ...Object.entries(summary.verdictsByGate).map(([gate, verdicts]) => `  ${gate.padEnd(4)} ${listed(verdicts)}`),
    `decisions      ${summary.decisions}, trades ${trades}, drawdown halts resumed ${summary.haltsResumed}`,
    `return         ${percent(returnPct)} after costs, hypothetical; buy and hold ${percent(buyAndHoldPct)}${returnPct > buyAndHoldPct ? '' : ': not beaten'}`,
    ...(summary.costGap === null ? [] : [`               ${summary.costGap}`]),
    ...figureLines(summary),
    `event hash     ${summary.eventHash} (seed ${summary.seed})`,
    `state          ${stateDirectory}; your own bars: ratchet up --bars FILE --symbol S`,
  ]
}
