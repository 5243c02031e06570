// Every sentence of the dashboard by its id: another language is another catalogue of the same shape.

import { en } from './en.ts'

export type TextId = keyof typeof en

/** Fills `{name}` with the value of that name. @example text('state.loading', { what: 'bars' }) // 'Reading bars …' */
export function text(id: TextId, values: Readonly<Record<string, string | number>> = {}): string {
  return en[id].replaceAll(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`)
}
