// `ratchet help`: what each verb does, and the words that reports and the page use (CLI-03, DOC-06); `ratchet version`.

import { Fault } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import { MEASURES, METRICS } from '../loop/reports/terms.ts'
import type { Verb } from './command.ts'
import { example } from './lines.ts'

type Entry = { readonly term: string; readonly meaning: string }

/** Words of the loop; the figures follow from the terms of the reports. */
const LOOP: readonly Entry[] = [
  {
    term: 'baseline',
    meaning:
      'Equal-weight rules that decide where no release is in charge; also a stand-in for a role no model was worth.',
  },
  {
    term: 'candidate',
    meaning: 'A stance of a strategy at a bar: a side with stop, target and time exit, whether it fired or not.',
  },
  { term: 'canary', meaning: 'The first time of a release in charge, watched against the one before it.' },
  { term: 'challenger, champion', meaning: 'The release that wants to take charge, and the one that has it.' },
  { term: 'drift', meaning: 'How far data, errors or results have moved from those a model was fitted on.' },
  {
    term: 'embargo, purge',
    meaning: 'Time left out between what is learned from and what is judged on, so that neither knows the other.',
  },
  {
    term: 'event hash',
    meaning:
      'SHA-256 over every decision, fill, release and gate verdict of a run: same code, bars and seed, same hash.',
  },
  {
    term: 'gate',
    meaning: 'One question a release must pass before it may decide, with the value that was met and its limit.',
  },
  { term: 'holdout', meaning: 'The newest part of the data, which no fit has seen.' },
  {
    term: 'kill switch',
    meaning: 'A file that stops everything: no entries, what is open is closed; only a person resumes.',
  },
  { term: 'ledger', meaning: 'The count of everything that was tried, by which luck is told from skill.' },
  { term: 'paper', meaning: 'Orders are filled by rules on recorded bars; nothing leaves the machine.' },
  { term: 'release', meaning: 'Models, evidence and lineage under one signed manifest.' },
  { term: 'slot', meaning: 'The place whose models decide; they are swapped between two decisions.' },
  { term: 'thin', meaning: 'Too little evidence for a number: it is said, never printed as a ratio.' },
  {
    term: 'walk-forward',
    meaning: 'Fitting again and again on what was known, and judging each fit on the days after it only.',
  },
]

export function glossary(): readonly Entry[] {
  const figures = [
    ...Object.values(MEASURES),
    ...Object.values(METRICS).flatMap(role => Object.values(role).map(({ term }) => term)),
  ]
  const known = new Map(LOOP.map(entry => [entry.term, entry]))
  for (const { label, meaning } of figures) if (meaning !== undefined) known.set(label, { term: label, meaning })
  return [...known.values()].sort((a, b) => a.term.localeCompare(b.term, 'en'))
}

export const help: Verb = (program, act) => {
  program
    .command('help')
    .description('what a verb does, or the words that are used here: help glossary')
    .argument('[topic...]', 'a verb, or glossary')
    .addHelpText('after', example('help glossary'))
    .action(
      act(async ({ out }, topic: readonly string[]) => {
        if (topic.join(' ') === 'glossary') {
          const terms = glossary()
          out.result(
            { terms },
            terms.flatMap(({ term, meaning }) => [term, `    ${meaning}`]),
          )
          return
        }
        let command = program
        for (const name of topic) {
          const child = command.commands.find(each => each.name() === name)
          if (child === undefined) {
            const near = nearest(name, [...command.commands.map(each => each.name()), 'glossary'])
            throw new Fault('USAGE', `there is no help on ${topic.join(' ')}`, {
              fix: near === undefined ? 'see ratchet --help' : `did you mean ${near}?`,
            })
          }
          command = child
        }
        const text = command.helpInformation()
        out.result({ help: text }, text.trimEnd().split('\n'))
      }),
    )
}

export const version: Verb = (program, act) => {
  program
    .command('version')
    .description('version of the program, and what it runs on')
    .addHelpText('after', example('version'))
    .action(
      act(async ({ ports, out }) => {
        const { codeVersion, platform, lockfileSha256 } = ports.facts
        out.result({ version: codeVersion, platform, lockfileSha256 }, [
          `ratchet ${codeVersion}`,
          platform,
          `lock file ${lockfileSha256}`,
        ])
      }),
    )
}
