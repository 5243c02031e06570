// `ratchet models migrate FILE`: an older registry file as the image of today; shown first, written on demand (REL-56).

import { readMigration } from '../loop/inspect-file.ts'
import { writeMigration } from '../loop/migrate-registry.ts'
import { registryDiff } from '../release/registry-diff.ts'
import type { Verb } from './command.ts'
import { example } from './lines.ts'

export const modelsMigrate: Verb = (group, act) => {
  group
    .command('migrate')
    .description('show what an older registry file becomes; with --write put it in its place, the original beside it')
    .argument('<file>', 'registry file of an older program')
    .option('--write', 'write it')
    .addHelpText('after', example('models migrate model-registry.json --write'))
    .action(
      act(async ({ ports, out }, file: string, { write }: { readonly write?: boolean }) => {
        const migration = await readMigration(file, ports)
        const { shape, before, image } = migration
        const diff = registryDiff(before, image)
        const original = write === true ? await writeMigration(migration, ports) : undefined
        const counts = `${image.available.length} available, ${image.installed.length} installed`
        const done =
          shape === 'image'
            ? 'nothing to do: it is of the present shape'
            : original === undefined
              ? 'not written; add --write to put it in its place'
              : `written; the original is ${original}`
        out.result({ shape, written: original !== undefined, original: original ?? null, image }, [
          ...diff,
          `shape "${shape}": ${counts}`,
          done,
        ])
      }),
    )
}
