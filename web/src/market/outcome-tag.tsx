// What a decision came to, as a tag.

import type { DecisionView } from '../../../src/api/schemas/market.ts'
import { Tag, type Tone } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'

export const OUTCOMES = [
  'enter',
  'exit',
  'hold',
  'noTrade',
  'refused',
] as const satisfies readonly DecisionView['outcome'][]

const TONE: Readonly<Record<DecisionView['outcome'], Tone>> = {
  enter: 'steel',
  exit: 'steel',
  hold: 'plain',
  noTrade: 'plain',
  refused: 'warn',
}

export function OutcomeTag({ outcome }: { readonly outcome: DecisionView['outcome'] }) {
  return <Tag tone={TONE[outcome]}>{text(`outcome.${outcome}`)}</Tag>
}
