import { checkRegistry } from '../../serving/registry.checks.ts'
import { openDatabase } from './open.ts'
import { sqlRegistry } from './registry.ts'

checkRegistry('SQLite', async () => {
  const database = await openDatabase(':memory:')
  return { registry: sqlRegistry(database), close: () => database.destroy() }
})
