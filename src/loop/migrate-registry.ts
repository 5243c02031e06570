// An older registry file becomes the image of today; the original stays beside it (REL-56).

import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { REGISTRY_CAP, registryImageBytes } from '../release/registry-image.ts'
import type { Migration } from './inspect-file.ts'
import type { Ports } from './ports.ts'

/** Where the original goes: nothing that is there already is overwritten. */
const originalOf = (path: string): string => `${path}.original`

/**
 * Writes the image in place of the file, after a copy of the file as it was. Gives the path of the copy; undefined where the file is an
 * image already and nothing is written. Faults: `MIGRATION_DONE` where an original lies there, and those of the disk.
 */
export async function writeMigration(
  { file, shape, image }: Migration,
  { disk }: Pick<Ports, 'disk'>,
): Promise<string | undefined> {
  if (shape === 'image') return undefined
  const original = originalOf(file)
  if ((await disk.stat(original)) !== undefined) {
    throw new Fault('MIGRATION_DONE', 'an original is kept there already', {
      place: original,
      fix: 'move it away if it is not needed, then run the command again',
    })
  }
  await replaceFile(disk, original, await disk.read(file, REGISTRY_CAP))
  await replaceFile(disk, file, registryImageBytes(image))
  return original
}
