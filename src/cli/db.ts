// `ratchet db`: which steps of the schema the records have taken, and taking them by hand, forward and back (DB-04).

import { Fault } from '../base/fault.ts'
import { databaseFile, migrateSchema, rollbackSchema, type SchemaPlace } from '../loop/change-schema.ts'
import { wholeNumber } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { count, example, table, utcMoment } from './lines.ts'

const placeOf = ({ stateDirectory, copies, schema, ports }: Session): SchemaPlace => ({
  directory: stateDirectory,
  copies,
  schema,
  ports,
})

const status: Verb = (group, act) => {
  group
    .command('status')
    .description('list the steps of the schema, with the moment at which the records took each')
    .addHelpText('after', example('db status'))
    .action(
      act(async session => {
        const file = databaseFile(placeOf(session))
        const steps = (await session.schema.status(file)).map(({ name, takenAt }) => ({
          name,
          takenAt: takenAt ?? null,
        }))
        session.out.result(
          { file, steps, pending: steps.filter(({ takenAt }) => takenAt === null).length },
          table(steps.map(({ name, takenAt }) => [name, takenAt === null ? 'not taken' : utcMoment(takenAt)])),
        )
      }),
    )
}

const plan: Verb = (group, act) => {
  group
    .command('plan')
    .description('print the statements that a migration would run; nothing is changed')
    .addHelpText('after', example('db plan'))
    .action(
      act(async session => {
        const all = await session.schema.status(databaseFile(placeOf(session)))
        const steps = all.flatMap(({ name, takenAt, statements }) =>
          takenAt === undefined ? [{ name, statements }] : [],
        )
        session.out.result(
          { steps },
          steps.length === 0
            ? ['nothing to do: the schema is the newest']
            : steps.flatMap(({ name, statements }) => [`-- ${name}`, ...statements.map(sql => `${sql};`)]),
        )
      }),
    )
}

const backupNote = (backup: string | null): string => (backup === null ? '' : `; backup ${backup} was made before`)

const migrate: Verb = (group, act) => {
  group
    .command('migrate')
    .description('bring the records to the newest schema, after a proven backup')
    .addHelpText('after', example('db migrate'))
    .action(
      act(async session => {
        const done = await migrateSchema(placeOf(session))
        session.out.result(done, [
          done.steps.length === 0
            ? 'nothing to do: the schema is the newest'
            : `taken: ${done.steps.join(', ')}${backupNote(done.backup)}`,
        ])
      }),
    )
}

const rollback: Verb = (group, act) => {
  group
    .command('rollback')
    .description('take steps of the schema back, for an older Ratchet; what only they could hold is lost')
    .option('--to <n>', 'number of the last step that stays (default: the newest goes)', wholeNumber(1))
    .addHelpText('after', example('db rollback --to 7'))
    .action(
      act(async (session, { to }: { readonly to?: number }) => {
        const place = placeOf(session)
        const taken = (await session.schema.status(databaseFile(place))).filter(({ takenAt }) => takenAt !== undefined)
        const last = to ?? taken.length - 1
        const gone = taken.map(({ name }) => name).filter(name => Number.parseInt(name, 10) > last)
        if (gone.length === 0 || last < 1) {
          throw new Fault('SCHEMA_STEP', 'there is no step to take back', {
            place: databaseFile(place),
            fix: 'see which were taken: ratchet db status',
          })
        }
        await session.confirm({
          command: 'db rollback',
          lines: [
            `${count(gone.length, 'step')} of the schema taken back: ${gone.join(', ')}; what only they hold is lost`,
            'a backup is made before; the next start of this version takes the steps again',
          ],
          facts: { gone, directory: session.stateDirectory },
          word: taken[last - 1]!.name,
        })
        const done = await rollbackSchema(last, place)
        session.out.result(done, [`taken back: ${done.steps.join(', ')}${backupNote(done.backup)}`])
      }),
    )
}

export const db: Verb = (program, act) => {
  const group = program.command('db').description('the schema of the records: look, plan, migrate, go back')
  for (const verb of [status, plan, migrate, rollback]) verb(group, act)
}
