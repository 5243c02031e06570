// The documents in the root and in docs/: links lead somewhere, and commands that they show have the verbs and options they are shown with.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

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
  const help = new Map<string, string>()
  const helpOf = (verb: readonly string[]): string => {
    const name = verb.join(' ')
    if (!help.has(name)) {
      const said = execFileSync(process.execPath, ['src/app.ts', ...verb, '--help'], { cwd: root, encoding: 'utf8' })
      help.set(name, said)
    }
    return help.get(name)!
  }
  for (const line of shown) {
    const words = line.split(/\s+/)
    const options = words.filter(word => word.startsWith('--'))
    const depth = ['data', 'models', 'keys', 'drill'].includes(words[0]!) ? 2 : 1
    const verb = words.slice(0, depth).filter(word => !options.includes(word))
    for (const option of options) {
      assert.ok(helpOf(verb).includes(option), `"ratchet ${line}": ${verb.join(' ')} has no ${option}`)
    }
  }
})
