import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../../test/memory-disk.ts'
import { apiKey } from './api-key.ts'

const NAME = 'VENDOR_API_KEY'
const disk = memoryDisk()
const ask = (environment: Readonly<Record<string, string>>) =>
  apiKey({ name: NAME, environment, disk, from: 'vendor.example' })
const textOf = async (environment: Readonly<Record<string, string>>) =>
  new TextDecoder().decode((await ask(environment)).reveal())

test('the key comes from the environment, or from the file that it names, without the line end', async () => {
  const file = await disk.create('/key')
  await file.write(new TextEncoder().encode('from-file\n'))
  await file.close()
  assert.equal(await textOf({ [NAME]: 'from-env' }), 'from-env')
  assert.equal(await textOf({ [`${NAME}_FILE`]: '/key' }), 'from-file')
  assert.equal(await textOf({ [NAME]: 'from-file', [`${NAME}_FILE`]: '/key' }), 'from-file')
  assert.equal(await textOf({ [NAME]: '', [`${NAME}_FILE`]: '/key' }), 'from-file')
})

test('a variable and a file that differ stop it, and neither key is shown', async () => {
  await assert.rejects(ask({ [NAME]: 'from-env', [`${NAME}_FILE`]: '/key' }), (fault: Error & { code: string }) => {
    assert.equal(fault.code, 'SECRET_AMBIGUOUS')
    return !/from-env|from-file/.test(JSON.stringify(fault) + fault.message)
  })
})

test('a key that is a whole header may hold a space, and no line end', async () => {
  const header = (value: string) =>
    apiKey({ name: NAME, environment: { [NAME]: value }, disk, from: 'x', spaces: true })
  assert.equal(new TextDecoder().decode((await header('Bearer abc')).reveal()), 'Bearer abc')
  await assert.rejects(header('a\r\nx-evil: 1'), { code: 'SECRET_INVALID' })
})

test('without one the fault says what to provide and where to get it', async () => {
  await assert.rejects(ask({}), {
    code: 'SECRET_MISSING',
    place: NAME,
    fix: `set ${NAME} to a key from vendor.example, or ${NAME}_FILE to a file that holds one`,
  })
  await assert.rejects(ask({ [`${NAME}_FILE`]: '/absent' }), { code: 'SECRET_UNREADABLE', place: '/absent' })
})

test('what would split a header is no key, and is not shown', async () => {
  for (const odd of ['two words', 'a\r\nx-evil: 1', 'käse', 'x'.repeat(513)]) {
    await assert.rejects(ask({ [NAME]: odd }), (fault: Error & { code: string }) => {
      assert.equal(fault.code, 'SECRET_INVALID')
      return !JSON.stringify(fault).includes(odd) && !fault.message.includes(odd)
    })
  }
})

test('printing the key prints no key', async () => {
  const key = await ask({ [NAME]: 'canary' })
  assert.deepEqual([String(key), JSON.stringify({ key })], ['[secret]', '{"key":"[secret]"}'])
})
