// The reference page of all keys, made from the schema that checks them: docs/reference/configuration.md (CFG-01).

import { z } from 'zod'
import { RELOADABLE } from '../loop/reload-settings.ts'
import { settingsSchema } from '../loop/settings.ts'
import { REFUSED, SECRETS, SETTING_ALIASES, UNREAD } from '../loop/settings-environment.ts'

type Node = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly default?: unknown
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly minItems?: number
  readonly description?: string
}

type Row = { readonly key: string; readonly node: Node }

const rowsOf = ({ properties = {} }: Node, path = ''): Row[] =>
  Object.entries(properties).flatMap(([name, node]) =>
    node.type === 'object' && node.properties !== undefined
      ? rowsOf(node, `${path}${name}.`)
      : [{ key: `${path}${name}`, node }],
  )

const BIGGEST = Number.MAX_SAFE_INTEGER

function rangeOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Node): string {
  const parts = [
    ...(minimum === undefined || minimum === -BIGGEST ? [] : [`>= ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(maximum === undefined || maximum === BIGGEST ? [] : [`<= ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`< ${exclusiveMaximum}`]),
  ]
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`
}

const WORDS: Readonly<Record<string, string>> = { integer: 'whole number', string: 'text', boolean: 'true or false' }

function allowedBy(node: Node): string {
  const choices = node.anyOf ?? node.oneOf
  if (choices !== undefined) return [...new Set(choices.map(allowedBy))].join(' or ')
  if (node.enum !== undefined) return node.enum.map(value => JSON.stringify(value)).join(', ')
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.type === 'array') return `list of ${node.items === undefined ? 'values' : allowedBy(node.items)}`
  return `${WORDS[node.type ?? 'string'] ?? node.type ?? 'text'}${rangeOf(node)}`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
const code = (value: unknown): string => `\`${cell(typeof value === 'string' ? value : JSON.stringify(value))}\``

function section(room: string, rows: readonly Row[]): string[] {
  const names = (key: string) =>
    Object.entries(SETTING_ALIASES).flatMap(([name, own]) => (own === key ? [code(name)] : []))
  return [
    '',
    `## ${room}`,
    '',
    '| key | default | allowed | variable | reloads |',
    '|---|---|---|---|---|',
    ...rows.map(({ key, node }) => {
      const reloads = RELOADABLE.some(pattern => pattern.test(key)) ? 'yes' : ''
      const allowed = [allowedBy(node), node.description].filter(text => text !== undefined).join('; ')
      return `| ${code(key)} | ${code(node.default ?? null)} | ${cell(allowed)} | ${names(key).join(', ')} | ${reloads} |`
    }),
  ]
}

/** Markdown, ending in a line end. */
export function configurationPage(): string {
  const rows = rowsOf(z.toJSONSchema(settingsSchema, { io: 'input' }) as Node)
  const rooms = [...new Set(rows.map(({ key }) => key.split('.', 1)[0]!))]
  return [
    '# Configuration',
    '',
    'Made by `ratchet config schema --page` from the schema that checks the configuration; do not edit.',
    '',
    'Later wins: defaults, the file (`--config`, `RATCHET_CONFIG`, `ratchet.json`, or `ratchet.json` in the state directory; comments are allowed),',
    'the environment, `--set key=value`. Each key is also the variable `RATCHET__SECTION__KEY`; where two variables say different things, the start',
    'stops. Unknown keys are errors. `ratchet config show --source` lists what is set and by whom; keys that reload do so at SIGHUP.',
    ...rooms.flatMap(room =>
      section(
        room,
        rows.filter(({ key }) => key.split('.', 1)[0] === room),
      ),
    ),
    '',
    '## Secrets',
    '',
    'Never part of the configuration, shown nowhere. Each is also read from the file that `NAME_FILE` names; both and different stops the start.',
    '',
    ...SECRETS.map(name => `- ${code(name)}`),
    '',
    '## Other variables',
    '',
    'Refused, because what they ask for is not here:',
    '',
    ...Object.entries(REFUSED).map(([name, { why, fix }]) => `- ${code(name)}: ${why}; ${fix}`),
    '',
    `Read by nothing here, which the log and \`ratchet config check\` tell: ${UNREAD.map(code).join(', ')}.`,
    '',
  ].join('\n')
}
