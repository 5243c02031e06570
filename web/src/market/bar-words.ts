// A bar and what was decided on it, in one line for the legend and for those who listen.

import { fixed, percent } from '../base/format.ts'
import type { BarDecision, ChartBar } from '../live/picture.ts'
import { text } from '../texts/text.ts'
import { stanceWords } from './stance-words.ts'

export function decisionWords({ outcome, chosen, side, confidence, regime, reason }: BarDecision): string {
  const parts = [
    text(`outcome.${outcome}`),
    stanceWords(chosen, side),
    reason ?? '',
    confidence === null ? '' : text('bar.confidence', { confidence: percent(confidence, 0) }),
    text('bar.regime', { regime }),
  ]
  return parts.filter(part => part !== '').join(' · ')
}

export function barWords(bar: ChartBar, time: string, decider: string): string {
  const prices = (['open', 'high', 'low', 'close'] as const)
    .map(id => `${text(`bar.${id}`)} ${fixed(bar[id], 2)}`)
    .join(', ')
  const decision = bar.decision === null ? text('bar.noDecision') : `${decisionWords(bar.decision)}, ${decider}`
  return `${time}: ${prices}. ${decision}`
}
