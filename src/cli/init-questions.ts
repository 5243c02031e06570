// What `ratchet init` asks (INST-06): at most six questions, each with an answer that is safe, and none by which anything becomes live.

import { z } from 'zod'

export type Question = {
  /** Of the option that answers it. */
  readonly option: string
  readonly words: string
  readonly usual: string
  /** Fails with what is expected. */
  readonly parse: z.ZodType<unknown, string>
  /** What stands above its part of the file. */
  readonly comment: (answer: string) => readonly string[]
  /** The part of the file; none where an answer changes no key. */
  readonly part: (answer: string) => readonly [path: string, value: unknown] | undefined
}

const words = (text: string): string[] => text.split(',').map(word => word.trim())

/** `local` is no place. */
const LOCAL = 'local'

export const QUESTIONS: readonly Question[] = [
  {
    option: 'symbols',
    words: 'Which symbols may be traded (with commas)?',
    usual: 'ES,MES,NQ,MNQ',
    parse: z
      .string()
      .refine(
        text => words(text).every(word => /^[A-Za-z0-9._/-]{1,20}$/.test(word)),
        'symbols such as ES,NQ are expected',
      ),
    comment: () => ['Symbols that may be traded. What is replayed may be anything.'],
    part: answer => ['tradingBot.allowedSymbols', words(answer)],
  },
  {
    option: 'data',
    words: 'Where do bars come from: file or polygon?',
    usual: 'file',
    parse: z.enum(['file', 'polygon'], 'file or polygon is expected'),
    comment: answer =>
      answer === 'polygon'
        ? [
            'Bars come from Polygon: set POLYGON_API_KEY in the environment, never here; then ratchet data fetch polygon.',
          ]
        : ['Bars come from your files: ratchet data import FILE --symbol S.'],
    part: () => undefined,
  },
  {
    option: 'trading',
    words: 'Trade on paper, or live later?',
    usual: 'paper',
    parse: z.enum(['paper', 'live-later'], 'paper or live-later is expected; live cannot be switched on here'),
    comment: answer => [
      'Orders are filled on paper. Nothing in this file can change that.',
      ...(answer === 'paper'
        ? []
        : ['Before live: months on paper, a broker, and a person who arms it. Today no broker is built.']),
    ],
    part: () => undefined,
  },
  {
    option: 'channel',
    words: 'Name of the release channel?',
    usual: 'stable',
    parse: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens are expected'),
    comment: () => ['The channel that releases are published to and taken from.'],
    part: answer => ['release.channel', answer],
  },
  {
    option: 'source',
    words: 'Take releases from here (local), or from a folder or https address?',
    usual: LOCAL,
    parse: z.string().min(1, 'local, a folder or an address is expected'),
    comment: answer => [
      answer === LOCAL
        ? 'Releases are taken from what is trained and published here.'
        : 'Releases are taken from there; each must be signed with a key that is known here: ratchet keys list.',
    ],
    part: answer => (answer === LOCAL ? undefined : ['release.sources', [{ name: 'main', place: answer }]]),
  },
]

/** The file: commented JSON, in which keys that share a room stand together. */
export function configText(answers: ReadonlyMap<Question, string>): string {
  const loose: string[] = []
  const rooms = new Map<string, string[]>()
  for (const [question, answer] of answers) {
    const comment = question.comment(answer)
    const part = question.part(answer)
    if (part === undefined) {
      loose.push(...comment.map(line => `  // ${line}`))
      continue
    }
    const [room, key] = part[0].split('.') as [string, string]
    const lines = rooms.get(room) ?? []
    rooms.set(room, [
      ...lines,
      ...comment.map(line => `    // ${line}`),
      `    ${JSON.stringify(key)}: ${JSON.stringify(part[1])},`,
    ])
  }
  return [
    '// Configuration of Ratchet. Every other key is as it comes: ratchet config show --defaults',
    '// Secrets never stand here; they are variables of the environment.',
    '{',
    ...loose,
    ...[...rooms].flatMap(([room, lines]) => [`  ${JSON.stringify(room)}: {`, ...lines, '  },']),
    '}',
    '',
  ].join('\n')
}
