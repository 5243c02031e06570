// Commands that cannot be taken back show what they would do, and want its name typed or the id of that preview (CLI-04).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import type { Output, Terminal } from './output.ts'

export type Preview = {
  /** `models rollback`. */
  readonly command: string
  /** What would happen, for people. */
  readonly lines: readonly string[]
  /** All that the consequence depends on, now: where one of these changes, the preview no longer holds. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Symbol or version that has to be typed. */
  readonly word: string
}

/** @example previewId({ command: 'models rollback', lines: [], facts: { from: 'v3' }, word: 'v3' }).length // 12 */
export const previewId = ({ command, facts }: Preview): string => sha256(canonicalJson({ command, facts })).slice(0, 12)

export type ConfirmOptions = { readonly yes?: true; readonly previewId?: string }

/**
 * Faults: `PREVIEW_STALE` where the id is of another state of things, `CONFIRM_NEEDED` where nobody can be asked, `NOT_CONFIRMED` where the
 * word was not typed.
 *
 * @example await confirm({ command: 'models rollback', lines: ['v4 goes, v3 decides'], facts, word: 'v4' }, options, out, terminal)
 */
export async function confirm(preview: Preview, asked: ConfirmOptions, out: Output, { ask }: Terminal): Promise<void> {
  const { command, lines, word } = preview
  const id = previewId(preview)
  if (asked.previewId !== undefined && asked.previewId !== id) {
    throw new Fault('PREVIEW_STALE', `preview ${asked.previewId} is not of what ${command} would do now`, {
      place: '--preview-id',
      fix: `look again: the same command without --yes; its preview is ${id} now`,
    })
  }
  if (asked.yes === true && asked.previewId !== undefined) return
  const again = `read the preview, then add --yes --preview-id ${id}`
  if (ask === undefined || asked.yes === true) {
    throw new Fault('CONFIRM_NEEDED', `${command} would do this: ${lines.join('; ')}`, { place: word, fix: again })
  }
  for (const line of lines) out.alert(line)
  const typed = await ask(`Type ${word} to do it: `)
  if (typed.trim() === word) return
  throw new Fault('NOT_CONFIRMED', `${word} was not typed: nothing was done`, { fix: 'give the command again' })
}
