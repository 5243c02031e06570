// The process that gets killed while it writes to the database: plays the acts of a seed and says after each that it is acknowledged.
// Usage: node test/faults/registry-child.ts FILE SEED COUNT; FAULT=n dies before its n-th statement (0 first), PLANT=early says that an
// act is done before it is. The file has its schema already.

import { writeSync } from 'node:fs'
import { Kysely } from 'kysely'
import { dialectOf, openSqlite } from '../../src/adapters/sql/dialect.ts'
import { sqlRegistry } from '../../src/adapters/sql/registry.ts'
import type { Tables } from '../../src/adapters/sql/schema.ts'
import { registryActs } from './registry-acts.ts'

const [file, seed, count] = process.argv.slice(2) as [string, string, string]
const { FAULT, PLANT } = process.env
const { database } = openSqlite(file)
let statements = 0
const counted: Parameters<typeof dialectOf>[0] = {
  location: () => database.location(),
  close: () => database.close(),
  get isTransaction() {
    return database.isTransaction
  },
  prepare(sql) {
    if (statements++ === Number(FAULT ?? -1)) process.kill(process.pid, 'SIGKILL')
    return database.prepare(sql)
  },
}
const registry = sqlRegistry(new Kysely<Tables>({ dialect: dialectOf(counted) }))

for (const [index, { run }] of registryActs(Number(seed), Number(count)).entries()) {
  if (PLANT === 'early') writeSync(1, `${index}\n`)
  await run(registry)
  if (PLANT !== 'early') writeSync(1, `${index}\n`)
}
writeSync(1, `done ${statements}\n`)
database.close()
