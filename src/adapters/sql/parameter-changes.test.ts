import { checkParameterChanges } from '../../serving/parameter-changes.checks.ts'
import { openDatabase } from './open.ts'
import { sqlParameterChanges } from './parameter-changes.ts'

checkParameterChanges('on SQLite', async () => {
  const database = await openDatabase(':memory:')
  return { store: sqlParameterChanges(database), close: () => database.destroy() }
})
