// One typed configuration tree from defaults, a file with comments, the environment and `--set`, later wins; all problems at once (CFG-01, 02, 04).

import { z } from 'zod'
import { Fault } from './fault.ts'
import { nearest } from './nearest.ts'

/** A key of an earlier program as one of ours; null: nothing here has it; undefined: it is none. */
export type EarlierKey = { readonly key: string; readonly value: unknown } | null | undefined

export type ConfigSources = {
  /** Text of the file and its name; comments and trailing commas are allowed. */
  readonly file?: { readonly name: string; readonly text: string } | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** `a.b=c` of the command line. */
  readonly sets: readonly string[]
  readonly presets?: ConfigPresets | undefined
  /** Familiar environment names -> key, e.g. `SKIP_TRAINING`. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Of files, for keys that the schema has not. */
  readonly earlier?: (key: string, value: unknown) => EarlierKey
}

/** Values by key that stand below everything that was given, chosen by the value of one key. */
export type ConfigPresets = {
  readonly key: string
  readonly sets: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

type Tree = { [key: string]: unknown }
type Entry = { readonly path: readonly string[]; readonly value: unknown; readonly source: string }

const PREFIX = 'RATCHET__'

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON with line and block comments and trailing commas, outside of strings. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*[}\]])/g,
    (_, quoted?: string) => quoted ?? '',
  )
}

function leavesOf(tree: Tree, source: string, path: readonly string[] = []): Entry[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) ? leavesOf(value, source, [...path, key]) : [{ path: [...path, key], value, source }],
  )
}

/** Text of the environment or the command line: JSON where it is JSON, else itself. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** The schema at a path, matched without regard to case, and the path as the schema spells it. */
function locate(schema: z.ZodObject, path: readonly string[]): { readonly path: string[]; readonly known: boolean } {
  let here: unknown = schema
  const spelt: string[] = []
  for (const part of path) {
    const keys: readonly string[] = here instanceof z.ZodObject ? Object.keys(here.shape) : []
    const key = keys.find(candidate => candidate.toLowerCase() === part.toLowerCase())
    if (key === undefined) return { path: [...path], known: false }
    spelt.push(key)
    const next: unknown = here instanceof z.ZodObject ? here.shape[key] : undefined
    here = next instanceof z.ZodPrefault ? next.unwrap() : next
  }
  return { path: spelt, known: !(here instanceof z.ZodObject) }
}

function keysOf(schema: z.ZodObject, prefix = ''): string[] {
  return Object.entries(schema.shape).flatMap(([key, part]) => {
    const inner: unknown = part instanceof z.ZodPrefault ? part.unwrap() : part
    return inner instanceof z.ZodObject ? keysOf(inner, `${prefix}${key}.`) : [`${prefix}${key}`]
  })
}

function readFile({ name, text }: { readonly name: string; readonly text: string }): Entry[] {
  try {
    const tree = JSON.parse(withoutComments(text)) as unknown
    if (isTree(tree)) return leavesOf(tree, name)
  } catch (cause) {
    throw new Fault(
      'CONFIG_SYNTAX',
      `the configuration file is not JSON: ${cause instanceof Error ? cause.message : ''}`,
      {
        place: name,
        fix: 'mend the file; comments and trailing commas are allowed',
        cause,
      },
    )
  }
  throw new Fault('CONFIG_SYNTAX', 'the configuration file is not an object', {
    place: name,
    fix: 'write { ... } around it',
  })
}

function textEntries({ env, sets, aliases = {} }: ConfigSources): Entry[] {
  const entries: Entry[] = []
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '') continue
    const key = name.toUpperCase().startsWith(PREFIX) ? name.slice(PREFIX.length).replaceAll('__', '.') : aliases[name]
    if (key !== undefined) entries.push({ path: key.split('.'), value: parseText(value), source: name })
  }
  for (const set of sets) {
    const cut = set.indexOf('=')
    if (cut < 1)
      throw new Fault('CONFIG_SET', `--set ${set} is not of the form key=value`, { fix: 'write --set training.seed=7' })
    entries.push({ path: set.slice(0, cut).split('.'), value: parseText(set.slice(cut + 1)), source: `--set ${set}` })
  }
  return entries
}

/**
 * @param schema strict objects throughout, each member with a default
 * Faults: `CONFIG_SYNTAX`, `CONFIG_SET`, `CONFIG_INVALID` (its sentence lists every problem with key, value, source and what is allowed).
 */
export function loadConfig<Schema extends z.ZodObject>(schema: Schema, sources: ConfigSources): z.infer<Schema> {
  return merged(schema, sources).settings
}

export type ConfigEntry = {
  readonly key: string
  readonly value: unknown
  readonly usual: unknown
  /** `default`, the name of the file, the variable or the option that set it. */
  readonly source: string
}

/**
 * Every key with its value and whence it came. Faults: those of `loadConfig`.
 *
 * @example configEntries(schema, sources).find(({ key }) => key === 'training.seed')?.source // 'ratchet.json'
 */
export function configEntries(schema: z.ZodObject, sources: ConfigSources): readonly ConfigEntry[] {
  const { settings, origin } = merged(schema, sources)
  const usual = new Map(leavesOf(schema.parse({}) as Tree, '').map(({ path, value }) => [path.join('.'), value]))
  return leavesOf(settings as Tree, '').map(({ path, value }) => {
    const key = path.join('.')
    return { key, value, usual: usual.get(key), source: origin.get(key)?.source ?? 'default' }
  })
}

/** Keys of a settings file, each as the schema spells it, or undefined where the schema has none. Fault: `CONFIG_SYNTAX`. */
export function fileKeys(
  schema: z.ZodObject,
  file: NonNullable<ConfigSources['file']>,
): readonly { readonly given: string; readonly key: string | undefined; readonly value: unknown }[] {
  return readFile(file).map(({ path, value }) => {
    const { path: spelt, known } = locate(schema, path)
    return { given: path.join('.'), key: known ? spelt.join('.') : undefined, value }
  })
}

/** Entries of a file with keys of earlier programs as ours; what nothing here has is left out. */
function fileEntries(schema: z.ZodObject, { file, earlier }: ConfigSources): Entry[] {
  if (file === undefined) return []
  return readFile(file).flatMap(entry => {
    if (earlier === undefined || locate(schema, entry.path).known) return [entry]
    const ours = earlier(entry.path.join('.'), entry.value)
    if (ours === undefined) return [entry]
    return ours === null ? [] : [{ ...entry, path: ours.key.split('.'), value: ours.value }]
  })
}

function presetEntries(schema: z.ZodObject, given: readonly Entry[], presets: ConfigPresets | undefined): Entry[] {
  const named = given.findLast(({ path }) => locate(schema, path).path.join('.') === presets?.key)?.value
  if (typeof named !== 'string') return []
  const values = Object.entries(presets?.sets[named] ?? {})
  return values.map(([key, value]) => ({ path: key.split('.'), value, source: `profile ${named}` }))
}

/** A password in a URL is a secret, wherever it stands (CFG-05). */
const shown = (value: unknown): string | undefined =>
  (JSON.stringify(value) as string | undefined)?.replace(/\/\/[^/@\s"]*@/g, '//[secret]@')

/** `--set` carries the value too. */
const shownSource = (source: string): string => source.replace(/\/\/[^/@\s"]*@/g, '//[secret]@')

/** Two variables that say different things of one key: nobody can know which was meant (CFG-02). */
function clashOf(key: string, one: Entry | undefined, other: Entry, env: ConfigSources['env']): string | undefined {
  if (one === undefined || !(one.source in env) || !(other.source in env)) return undefined
  if (JSON.stringify(one.value) === JSON.stringify(other.value)) return undefined
  return `${key} is set by ${one.source} and by ${other.source}, and they differ`
}

function merged<Schema extends z.ZodObject>(
  schema: Schema,
  sources: ConfigSources,
): { readonly settings: z.infer<Schema>; readonly origin: ReadonlyMap<string, Entry> } {
  const given = [...fileEntries(schema, sources), ...textEntries(sources)]
  const entries = [...presetEntries(schema, given, sources.presets), ...given]
  const problems: string[] = []
  const origin = new Map<string, Entry>()
  const tree: Tree = {}
  for (const entry of entries) {
    const { path, known } = locate(schema, entry.path)
    const key = path.join('.')
    if (!known) {
      const near = nearest(key, keysOf(schema))
      problems.push(`${key} (${entry.source}) is no key${near === undefined ? '' : `; did you mean ${near}?`}`)
      continue
    }
    const clash = clashOf(key, origin.get(key), entry, sources.env)
    if (clash !== undefined) problems.push(clash)
    origin.set(key, entry)
    let at = tree
    for (const part of path.slice(0, -1)) {
      const inner = at[part]
      const next: Tree = isTree(inner) ? inner : {}
      at[part] = next
      at = next
    }
    at[path.at(-1)!] = entry.value
  }
  const parsed = schema.safeParse(tree)
  for (const issue of parsed.error?.issues ?? []) {
    const key = issue.path.map(String).join('.')
    const from = origin.get(key) ?? [...origin].find(([name]) => key.startsWith(name))?.[1]
    const was = from === undefined ? '(default)' : `= ${shown(from.value)} (${shownSource(from.source)})`
    problems.push(`${key} ${was}: ${issue.message}`)
  }
  if (problems.length > 0 || !parsed.success) {
    throw new Fault(
      'CONFIG_INVALID',
      `${problems.length} configuration problem${problems.length === 1 ? '' : 's'}: ${problems.join('; ')}`,
      {
        place: sources.file?.name ?? 'environment',
        fix: 'mend these keys; nothing was opened or written',
      },
    )
  }
  return { settings: parsed.data, origin }
}
