// `ratchet backup`: copies of the records, each proven by restoring it before it counts; and back (DB-08).

import { Fault } from '../base/fault.ts'
import {
  type BackupPlace,
  backupFolder,
  backupIds,
  createBackup,
  restoreBackup,
  verifyBackup,
} from '../loop/state-backup.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { count, example, table, utcMoment } from './lines.ts'

const placeOf = ({ stateDirectory, copies, ports }: Session): BackupPlace => ({
  directory: stateDirectory,
  copies,
  ports,
})

const rowsIn = (rows: Readonly<Record<string, number>>): number => Object.values(rows).reduce((sum, n) => sum + n, 0)

const create: Verb = (group, act) => {
  group
    .command('create')
    .description('copy the records, also while a loop writes them, and prove the copy')
    .addHelpText('after', example('backup create'))
    .action(
      act(async session => {
        const place = placeOf(session)
        const made = await createBackup(place)
        const { rows, size } = made.database
        session.out.result({ ...made, folder: backupFolder(place) }, [
          `backup ${made.id}: ${count(rowsIn(rows), 'row')} in ${count(Object.keys(rows).length, 'table')}, ${size} bytes, restored and compared`,
          'keys are not in it: keep state/keys.json, or the keys you gave, in a place of their own',
        ])
      }),
    )
}

const list: Verb = (group, act) => {
  group
    .command('list')
    .description('list the backups, oldest first')
    .addHelpText('after', example('backup list'))
    .action(
      act(async session => {
        const place = placeOf(session)
        const backups = await backupIds(place)
        const folder = backupFolder(place)
        session.out.result(
          { folder, backups },
          backups.length === 0
            ? ['no backup yet; make one with: ratchet backup create']
            : backups.map(id => `${folder}/${id}`),
        )
      }),
    )
}

const verify: Verb = (group, act) => {
  group
    .command('verify')
    .description('restore backups into a scratch file and compare; exit code 1 if one is damaged')
    .argument('[id]', 'one of the list (default: all)')
    .addHelpText('after', example('backup verify'))
    .action(
      act(async (session, id: string | undefined) => {
        const place = placeOf(session)
        const results: { readonly id: string; readonly fault: Fault | undefined; readonly at: number | undefined }[] =
          []
        for (const each of id === undefined ? await backupIds(place) : [id]) {
          try {
            results.push({ id: each, fault: undefined, at: (await verifyBackup(each, place)).at })
          } catch (cause) {
            if (!(cause instanceof Fault) || cause.code !== 'BACKUP_DAMAGED') throw cause
            results.push({ id: each, fault: cause, at: undefined })
          }
        }
        const whole = results.every(({ fault }) => fault === undefined)
        session.out.result(
          { whole, backups: results.map(({ id: name, fault }) => ({ id: name, problem: fault?.toJSON() ?? null })) },
          results.length === 0
            ? ['no backup yet; make one with: ratchet backup create']
            : table(
                results.map(({ id: name, fault, at }) => [
                  name,
                  fault === undefined ? 'whole' : 'DAMAGED',
                  fault?.message ?? utcMoment(at ?? 0),
                ]),
              ),
        )
        return whole ? EXIT.done : EXIT.refused
      }),
    )
}

const restore: Verb = (group, act) => {
  group
    .command('restore')
    .description('put the records of a backup in place; what is there is moved aside and kept')
    .argument('<id>', 'one of the list')
    .option('--force', 'also where there are records')
    .addHelpText('after', example('backup restore 20260115_143000 --force'))
    .action(
      act(async (session, id: string, { force = false }: { readonly force?: boolean }) => {
        const place = placeOf(session)
        const { at, database } = await verifyBackup(id, place)
        await session.confirm({
          command: 'backup restore',
          lines: [
            `the records of ${session.stateDirectory} become those of ${utcMoment(at)}: ${count(rowsIn(database.rows), 'row')}`,
            'what happened after that is no longer in them; the files of today are moved aside and kept',
          ],
          facts: { id, sha256: database.sha256, directory: session.stateDirectory, force },
          word: id,
        })
        const { replaced } = await restoreBackup(id, force, place)
        session.out.result({ restored: id, replaced: replaced ?? null }, [
          `restored ${id}${replaced === undefined ? '' : `; what was there lies in ${replaced}`}`,
        ])
      }),
    )
}

export const backup: Verb = (program, act) => {
  const group = program.command('backup').description('copies of the records: make, list, prove, put back')
  for (const verb of [create, list, verify, restore]) verb(group, act)
}
