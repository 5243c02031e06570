// The reference page of the command line, made from the verbs themselves (DOC-03).

import { Command as Commander, type Option } from 'commander'
import type { Verb } from './command.ts'

/** One verb with all that its help says. */
export type VerbPage = {
  /** `models show`. */
  readonly words: string
  readonly description: string
  readonly arguments: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly { readonly flags: string; readonly description: string }[]
  /** Without `$ ratchet`. */
  readonly example: string
}

/** The program without anybody behind it: nothing of it can be run. */
function programOf(verbs: readonly Verb[]): Commander {
  const program = new Commander('ratchet')
  for (const verb of verbs) verb(program, () => () => Promise.resolve())
  return program
}

function optionOf({ flags, description, argChoices, defaultValue, mandatory }: Option): VerbPage['options'][number] {
  const notes = [
    ...(mandatory ? ['needed'] : []),
    ...(argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`]),
    ...(defaultValue === undefined ? [] : [`default ${JSON.stringify(defaultValue)}`]),
  ]
  return { flags, description: notes.length === 0 ? description : `${description} (${notes.join('; ')})` }
}

function exampleIn(command: Commander): string {
  let text = ''
  command.configureOutput({ writeOut: more => (text += more) }).outputHelp()
  return /^Example:\n {2}\$ ratchet (.*)$/m.exec(text)?.[1] ?? ''
}

function pagesOf(command: Commander, path: readonly string[]): VerbPage[] {
  return command.commands.flatMap(child => {
    const words = [...path, child.name()]
    if (child.commands.length > 0) return pagesOf(child, words)
    return [
      {
        words: words.join(' '),
        description: child.description(),
        arguments: child.registeredArguments.map(argument => ({
          name: argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
          description: argument.description,
        })),
        options: child.options.map(optionOf),
        example: exampleIn(child),
      },
    ]
  })
}

/** Every verb, in the order of `--help`. @example verbPages(VERBS)[0]!.words // 'up' */
export const verbPages = (verbs: readonly Verb[]): readonly VerbPage[] => pagesOf(programOf(verbs), [])

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** @param globals what every verb takes beside its own */
export function referenceText(verbs: readonly Verb[], globals: readonly Option[]): string {
  const rows = (options: VerbPage['options']): string[] =>
    options.map(({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |`)
  const pages = verbPages(verbs).flatMap(page => [
    `## ratchet ${page.words}`,
    '',
    `${page.description.charAt(0).toUpperCase()}${page.description.slice(1)}.`,
    '',
    '```sh',
    `./ratchet ${page.example}`,
    '```',
    '',
    ...(page.arguments.length + page.options.length === 0
      ? []
      : [
          '| argument or option | meaning |',
          '| --- | --- |',
          ...page.arguments.map(({ name, description }) => `| \`${cell(name)}\` | ${cell(description)} |`),
          ...rows(page.options),
          '',
        ]),
  ])
  return [
    '# Command line',
    '',
    'For whoever types or scripts `ratchet`. This page is made from the program; a test fails where the two differ.',
    '',
    'Every verb takes these as well:',
    '',
    '| option | meaning |',
    '| --- | --- |',
    ...rows(globals.map(optionOf)),
    '',
    'Exit codes: 0 done, 1 failed or refused, 2 usage or unreadable input, 3 unreachable, 4 not found, 5 conflict or locked, 6 partly done,',
    '78 configuration, 130 interrupted.',
    '',
    ...pages,
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}
