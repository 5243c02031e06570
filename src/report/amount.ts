// One number with what belongs to it: interval, sample, or the reason why there is none.

import { interval, moment, number, sample } from './format.ts'
import { type Html, html } from './html.ts'
import type { Amount, Cell } from './report.ts'
import type { Terms } from './terms.ts'

/** What stands in the place of a number that there is not (REP-02). */
export const ABSENT = 'N/A'

/** @example plainAmount({ value: 1.5, unit: 'R' }) // '1.50 R' */
export const plainAmount = (amount: Amount): string => (amount.value === null ? ABSENT : number(amount.value, amount))

/** Interval, sample and note in one line; empty where there is none of them. */
export function evidence(amount: Amount): string {
  const between = amount.value === null ? undefined : interval(amount)
  // The note of an absent number already counts what there is.
  const count = amount.value === null && amount.note !== undefined ? undefined : sample(amount)
  return [between, count, amount.note].filter(part => part !== undefined).join(' · ')
}

/** @returns the content of a table cell */
export function cell(content: Cell, terms: Terms): Html {
  if (typeof content === 'string') return html`${content}`
  if ('label' in content) return terms.label(content.label)
  if ('time' in content) return html`<time>${moment(content)}</time>`
  const more = evidence(content)
  return html`<span class="number">${plainAmount(content)}</span>${more === '' ? undefined : html` <small>${more}</small>`}`
}

/** Whether a cell is a number or a time: it is set to the right and never broken. */
export const isNumber = (content: Cell | undefined): boolean => typeof content === 'object' && !('label' in content)
