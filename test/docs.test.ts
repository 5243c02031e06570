// The documents in the root and in docs/: links lead somewhere, and commands that they show have the verbs and options they are shown with.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { configEntries } from '../src/base/config.ts'
import { globals } from '../src/cli/program.ts'
import { verbPages } from '../src/cli/reference.ts'
import { VERBS } from '../src/cli/verbs.ts'
import { settingsSchema } from '../src/loop/settings.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = [
  ...readdirSync(root),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map(name => join('docs', name)),
].filter(name => name.endsWith('.md'))

const textOf = (document: string): string => readFileSync(join(root, document), 'utf8')

test('every relative link in a document leads to a file', () => {
  const links = documents.flatMap(document =>
    [...textOf(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => join(dirname(document), target!)),
  )
  assert.ok(links.length > 10)
  assert.deepEqual(
    links.filter(link => !existsSync(join(root, link))),
    [],
  )
})

test('every decision record is in the index', () => {
  const index = textOf('docs/decisions/README.md')
  const records = readdirSync(join(root, 'docs/decisions')).filter(name => /^\d{4}-/.test(name))
  assert.deepEqual(
    records.filter(name => !index.includes(`(${name})`)),
    [],
  )
})

test('the commands that the documents show exist, with each of their options', () => {
  const shown = documents.flatMap(document =>
    [...textOf(document).matchAll(/\.\/ratchet ([^\n`]*)/g)].map(([, line]) => line!.split('&&').at(0)!.trim()),
  )
  assert.ok(shown.length > 4)
  const pages = verbPages(VERBS)
  const shared = globals(new Command()).options.flatMap(({ flags }) => flags.split(/[ ,]+/))
  for (const line of shown) {
    const words = line.split(/\s+/)
    const options = words.filter(word => word.startsWith('--')).map(word => word.split('=').at(0)!)
    const page = pages
      .filter(({ words: verb }) => `${line} `.startsWith(`${verb} `))
      .sort((one, other) => other.words.length - one.words.length)
      .at(0)
    const isGroup = pages.some(({ words: verb }) => verb.startsWith(`${words[0]} `))
    assert.ok(page !== undefined || isGroup || words[0]!.startsWith('-'), `"ratchet ${line}" is no command`)
    const known = new Set([
      ...shared,
      '--help',
      '--version',
      ...(page?.options ?? []).flatMap(({ flags }) => flags.split(/[ ,]+/)),
    ])
    for (const option of options) assert.ok(known.has(option), `"ratchet ${line}": ${page?.words} has no ${option}`)
  }
})

test('the codes of the troubleshooting table are codes of the program, and its keys are keys', () => {
  const table = textOf('docs/troubleshooting.md')
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(name => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n')
  const codes = [...table.matchAll(/`([A-Z][A-Z]+(?:_[A-Z]+)+|EXPIRED|ROLLBACK|FREEZE)`/g)].map(([, code]) => code!)
  assert.ok(codes.length > 20)
  assert.deepEqual(
    codes.filter(code => !new RegExp(`\\b${code}\\b`).test(sources)),
    [],
  )
  const keys = [...table.matchAll(/`([a-z][A-Za-z]+(?:\.[a-zA-Z]+)+)`/g)].map(([, key]) => key!)
  const known = new Set(configEntries(settingsSchema, { env: {}, sets: [] }).map(({ key }) => key))
  assert.deepEqual(
    keys.filter(key => !known.has(key)),
    [],
  )
})
