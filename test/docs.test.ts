// The documents in the root and in docs/: links lead somewhere, and commands that they show have the verbs and options they are shown with.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { globals } from '../src/cli/program.ts'
import { verbPages } from '../src/cli/reference.ts'
import { VERBS } from '../src/cli/verbs.ts'

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
