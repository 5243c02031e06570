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
  assert.equal(await textOf({ [NAME]: 'from-env', [`${NAME}_FILE`]: '/key' }), 'from-env')
  assert.equal(await textOf({ [NAME]: '', [`${NAME}_FILE`]: '/key' }), 'from-file')
})

test('without one the fault says what to provide and where to get it', async () => {
  await assert.rejects(ask({}), {
    code: 'SECRET_MISSING',
    place: NAME,
    fix: `set ${NAME} to a key from vendor.example, or ${NAME}_FILE to a file that holds one`,
  })
  await assert.rejects(ask({ [`${NAME}_FILE`]: '/absent' }), { code: 'FILE_MISSING' })
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
