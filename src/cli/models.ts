// `ratchet models ...`: which releases there are, what they are made of, which was in charge when, and back.

import type { Verb } from './command.ts'
import { modelsBackup } from './models-backup.ts'
import { modelsCard } from './models-card.ts'
import { modelsDiff } from './models-diff.ts'
import { modelsExplain } from './models-explain.ts'
import { modelsHand } from './models-hand.ts'
import { modelsHistory } from './models-history.ts'
import { modelsImport } from './models-import.ts'
import { modelsInspect } from './models-inspect.ts'
import { modelsList } from './models-list.ts'
import { modelsMigrate } from './models-migrate.ts'
import { modelsRollback } from './models-rollback.ts'
import { modelsShow } from './models-show.ts'
import { modelsWorth } from './models-worth.ts'

export const models: Verb = (program, act) => {
  const group = program.command('models').description('releases: list, look at, look back, explain, roll back')
  for (const verb of [
    modelsList,
    modelsShow,
    modelsCard,
    modelsDiff,
    modelsHistory,
    modelsWorth,
    modelsExplain,
    modelsHand,
    modelsRollback,
    modelsBackup,
    modelsInspect,
    modelsImport,
    modelsMigrate,
  ])
    verb(group, act)
}
