// `ratchet models backup`: the named copies of sets that were replaced; looked over, taken elsewhere, or put back in charge (SRV-65).

import { unwrap } from '../base/fault.ts'
import { exportBackup, listBackups, restoreInCharge } from '../loop/backup-uses.ts'
import { reasonText } from './arguments.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { count, example, short, table } from './lines.ts'

const list: Verb = (group, act) => {
  group
    .command('list')
    .description('every backup, read and hashed again; exit code 1 if one is damaged')
    .addHelpText('after', example('models backup list'))
    .action(
      act(async ({ ports, out, stateDirectory }) => {
        const backups = await listBackups(stateDirectory, ports)
        const rows = backups.map(({ name, label, digest, problem }) =>
          problem === undefined
            ? [name, 'whole', label ?? '', short(digest ?? '')]
            : [name, 'DAMAGED', problem.code, `${problem.message} (${problem.place ?? ''})`],
        )
        out.result(
          { backups },
          backups.length === 0 ? ['no backup yet: one is made when a set is replaced'] : table(rows),
        )
        return backups.some(({ problem }) => problem !== undefined) ? EXIT.refused : EXIT.done
      }),
    )
}

const exportOne: Verb = (group, act) => {
  group
    .command('export')
    .description('copy a backup into a new folder')
    .argument('<name>', 'as the list has it')
    .argument('<folder>', 'it must not be there yet')
    .addHelpText('after', example('models backup export backup_20260115_143000 /mnt/safe/models'))
    .action(
      act(async ({ ports, out, stateDirectory }, name: string, folder: string) => {
        const files = unwrap(await exportBackup(name, folder, stateDirectory, ports))
        out.result({ name, folder, files }, [`${count(files.length, 'file')} of ${name} in ${folder}`])
      }),
    )
}

type RestoreOptions = { readonly reason: string; readonly emergency?: true }

const restore: Verb = (group, act) => {
  group
    .command('restore')
    .description('put a backup back in charge: signature, every byte, then all gates')
    .argument('<name>', 'as the list has it')
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .option('--emergency', 'without the gates; the signature is checked all the same')
    .addHelpText('after', example('models backup restore backup_20260115_143000 --reason "the store was lost"'))
    .action(
      act(async (session, name: string, { reason, emergency }: RestoreOptions) => {
        const { ports, signal, out } = session
        const request = { name, reason, emergency: emergency === true, signal }
        const restored = unwrap(await restoreInCharge(request, await session.state(), ports))
        out.result(restored, [`restored ${restored.label} from ${name}: ${restored.done}`])
      }),
    )
}

export const modelsBackup: Verb = (group, act) => {
  const backup = group.command('backup').description('copies of sets that were replaced')
  for (const verb of [list, exportOne, restore]) verb(backup, act)
}
