// Where a report comes from and how to make it again (REP-02, REP-03).

import { canonicalJson } from '../../base/canonical-json.ts'
import { sha256 } from '../../base/hash.ts'
import type { Section } from '../../report/report.ts'
import type { BuildFacts } from '../ports.ts'
import type { Settings } from '../settings.ts'

/** What a report needs to know of the program that made it. */
export type Origin = {
  readonly facts: BuildFacts
  readonly settings: Settings
  /** The command line that makes the same report again. */
  readonly command: string
}

/** The settings that a result depends on: where and how many reports are kept changes nothing in them. */
export const settingsThatCount = (settings: Settings): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'report'))

type Fact = { readonly label: string; readonly text: string }

export const codeFacts = ({ facts, settings }: Origin): readonly Fact[] => [
  { label: 'Code', text: `Ratchet ${facts.codeVersion}` },
  { label: 'Dependencies', text: `lock file ${facts.lockfileSha256}` },
  { label: 'Configuration', text: sha256(canonicalJson(settingsThatCount(settings))) },
]

export function originSection(facts: readonly Fact[], { command }: Origin): Section {
  return {
    title: 'Origin, and how to make this again',
    blocks: [
      { kind: 'facts', facts },
      { kind: 'text', text: 'The same data, code, configuration and seed give the same JSON, hash included:' },
      { kind: 'command', text: command },
    ],
  }
}
