// `ratchet config import`: the settings file of an earlier bot as one of ours, with every key accounted for (CFG-03).

import { fileKeys, loadConfig } from '../base/config.ts'
import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import { earlierKey } from '../loop/earlier-settings.ts'
import { settingsSchema } from '../loop/settings.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { count, example, table } from './lines.ts'

type Tree = { [key: string]: unknown }

function treeOf(entries: readonly { readonly key: string; readonly value: unknown }[]): Tree {
  const root: Tree = {}
  for (const { key, value } of entries) {
    const path = key.split('.')
    let at = root
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Tree
    at[path.at(-1)!] = value
  }
  return root
}

const KEYS: readonly string[] = fileKeysOf(settingsSchema.parse({}))

function fileKeysOf(tree: Tree, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? fileKeysOf(value as Tree, `${path}${key}.`)
      : [`${path}${key}`],
  )
}

type ImportOptions = { readonly out: string }

export const configImport: Verb = (group, act) => {
  group
    .command('import')
    .description('write the settings file of an earlier bot as one of ours; every key of it is accounted for')
    .argument('<file>', 'its settings, keys in any case')
    .option('--out <file>', 'where to write', 'ratchet.json')
    .addHelpText('after', example('config import appsettings.json'))
    .action(
      act(async ({ ports: { disk }, out: output }, file: string, { out }: ImportOptions) => {
        if ((await disk.stat(out)) !== undefined) {
          throw new Fault('CONFIG_EXISTS', 'there is a file already', { place: out, fix: 'choose another with --out' })
        }
        const text = new TextDecoder().decode(await disk.read(file, 1 << 20))
        const keys = fileKeys(settingsSchema, { name: file, text }).map(found => ({
          ...found,
          earlier: found.key === undefined ? earlierKey(found.given, found.value) : undefined,
        }))
        const mapped = keys.flatMap(({ given, key, value }) => (key === undefined ? [] : [{ given, key, value }]))
        const changed = keys.flatMap(({ given, earlier }) => (earlier ? [{ given, ...earlier }] : []))
        // Their values may be secrets, and are not needed.
        const absent = keys.flatMap(({ given, earlier }) => (earlier === null ? [given] : []))
        const unknown = keys
          .filter(({ key, earlier }) => key === undefined && earlier === undefined)
          .map(({ given }) => ({ given, near: nearest(given, KEYS) ?? null }))
        const tree = treeOf([...mapped, ...changed])
        const written = `${JSON.stringify(tree, null, 2)}\n`
        // A value out of range must not be found at the next start.
        loadConfig(settingsSchema, { file: { name: file, text: written }, env: {}, sets: [] })
        await replaceFile(disk, out, new TextEncoder().encode(written))
        const line = ({ given, key, value }: (typeof mapped)[number]) => [
          `  ${given}`,
          given === key ? '' : `-> ${key}`,
          JSON.stringify(value),
        ]
        const counts = [
          `${count(mapped.length, 'key')} mapped`,
          `${changed.length} changed`,
          `${absent.length} without a counterpart`,
          `${unknown.length} unknown`,
        ]
        output.result({ out, mapped, changed, absent, unknown }, [
          `${counts.join(', ')}; written to ${out}`,
          ...table([...mapped.map(line), ...changed.map(entry => [...line(entry), 'changed'])]),
          ...absent.map(given => `  ${given}  nothing here has it`),
          ...table(
            unknown.map(({ given, near }) => [`  ${given}`, 'unknown', near === null ? '' : `did you mean ${near}?`]),
          ),
        ])
        return unknown.length === 0 ? EXIT.done : EXIT.partly
      }),
    )
}
