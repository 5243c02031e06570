// What a decision was about, in words: a strategy and its side, or to stay out.

import { text } from '../texts/text.ts'

/** The class of the model that stands for no trade. */
const STAY_OUT = 'None'

export function stanceWords(chosen: string | null, side: 1 | -1 | null): string {
  if (chosen === null) return ''
  if (chosen === STAY_OUT) return text('decision.stayOut')
  return side === null ? chosen : `${chosen} ${text(side === 1 ? 'side.long' : 'side.short')}`
}
