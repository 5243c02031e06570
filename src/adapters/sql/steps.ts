// Steps of the schema as the statements that they run, each with a checksum: what is run, shown and compared is the same text (DB-04).

import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Migration } from 'kysely/migration'
import { canonicalJson } from '../../base/canonical-json.ts'
import { sha256 } from '../../base/hash.ts'
import { MIGRATIONS } from './migrations/index.ts'

export type Step = {
  readonly name: string
  readonly up: readonly string[]
  readonly down: readonly string[]
  readonly sha256: string
}

async function statementsOf(run: Migration['up']): Promise<string[]> {
  const said: string[] = []
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: kysely => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: ({ query }) => void said.push(query.sql),
  })
  await run(db)
  await db.destroy()
  return said
}

let known: Promise<readonly Step[]> | undefined

/** In their order; made once. A step without a way back (`down`) takes back nothing. */
export const stepsOf = (): Promise<readonly Step[]> => (known ??= made())

async function made(): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const [name, migration] of Object.entries(MIGRATIONS)) {
    const up = await statementsOf(db => migration.up(db))
    const down = await statementsOf(async db => migration.down?.(db))
    steps.push({ name, up, down, sha256: sha256(canonicalJson(up)) })
  }
  return steps
}
