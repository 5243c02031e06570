// Bars on disk: `bars/<symbol>/<bar ms>/<month>.<sha8>.parquet` and one JSON file a snapshot. Nothing is ever overwritten.

import { join } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { type Disk, replaceFile } from '../../base/disk.ts'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { type BarStore, monthOf, type Partition, type Snapshot, snapshotIdOf } from '../../data/store.ts'
import type { Bar } from '../../market/bar.ts'
import { readPartitions, writePartitions } from './parquet.ts'

const MAX_PARTITION = 1 << 30
const MAX_SNAPSHOT = 1 << 24

/** Symbols become folder names: whatever is not plain is written as its code. */
const folderName = (symbol: string): string =>
  symbol.replace(/[^A-Za-z0-9_-]/g, char => `%${char.codePointAt(0)!.toString(16)}`)

/** @param root folder of the data, e.g. `<state>/data` */
export function barStore(disk: Disk, root: string): BarStore {
  const folderOf = (symbol: string, barMs: number) => join(root, 'bars', folderName(symbol), String(barMs))
  const fileOf = (folder: string, partition: Partition) =>
    join(folder, `${partition.month}.${partition.sha256.slice(0, 16)}.parquet`)
  return {
    async save(facts, bars) {
      const folder = folderOf(facts.symbol, facts.barMs)
      await disk.makeDirectory(join(folder, 'snapshots'))
      const months = new Map<string, Bar[]>()
      for (const bar of bars) {
        const month = monthOf(bar.time)
        const list = months.get(month)
        if (list === undefined) months.set(month, [bar])
        else list.push(bar)
      }
      const staged = [...months].map(([month, list]) => ({
        month,
        bars: list,
        path: join(folder, `.${month}.writing`),
      }))
      for (const { path } of staged) await disk.remove(path)
      await writePartitions(staged)
      const partitions: Partition[] = []
      for (const { month, bars: list, path } of staged) {
        const partition = { month, sha256: sha256(await disk.read(path, MAX_PARTITION)), rows: list.length }
        await disk.rename(path, fileOf(folder, partition))
        partitions.push(partition)
      }
      await disk.syncDirectory(folder)
      const { symbol, barMs, provenance, source, hasVolume } = facts
      const snapshot: Snapshot = {
        symbol,
        barMs,
        snapshotId: snapshotIdOf(partitions),
        partitions,
        provenance,
        source,
        hasVolume,
      }
      const text = new TextEncoder().encode(canonicalJson(snapshot))
      await replaceFile(disk, join(folder, 'snapshots', `${snapshot.snapshotId}.json`), text)
      return snapshot
    },
    async load(snapshot) {
      const folder = folderOf(snapshot.symbol, snapshot.barMs)
      const paths = snapshot.partitions.map(partition => fileOf(folder, partition))
      for (const [index, path] of paths.entries()) {
        const found = sha256(await disk.read(path, MAX_PARTITION))
        if (found !== snapshot.partitions[index]!.sha256) {
          throw new Fault(
            'DATA_PARTITION_CORRUPT',
            `stored bars of ${snapshot.partitions[index]!.month} no longer have their hash`,
            {
              place: path,
              fix: 'import the file again',
            },
          )
        }
      }
      const { symbol, barMs, hasVolume, source, provenance, snapshotId } = snapshot
      return { symbol, barMs, hasVolume, source, provenance, snapshotId, bars: await readPartitions(paths) }
    },
    async list() {
      const found: Snapshot[] = []
      for (const symbol of await disk.list(join(root, 'bars'))) {
        for (const bar of await disk.list(join(root, 'bars', symbol.name))) {
          const folder = join(root, 'bars', symbol.name, bar.name, 'snapshots')
          for (const file of await disk.list(folder)) {
            if (!file.name.endsWith('.json')) continue
            found.push(
              JSON.parse(new TextDecoder().decode(await disk.read(join(folder, file.name), MAX_SNAPSHOT))) as Snapshot,
            )
          }
        }
      }
      return found
    },
    async remove(snapshot) {
      const folder = folderOf(snapshot.symbol, snapshot.barMs)
      // First the name, then what it names: a stop between the two leaves files that nobody misses.
      await disk.remove(join(folder, 'snapshots', `${snapshot.snapshotId}.json`))
      await disk.syncDirectory(join(folder, 'snapshots'))
      const others = (await this.list()).filter(other => folderOf(other.symbol, other.barMs) === folder)
      const kept = new Set(others.flatMap(({ partitions }) => partitions.map(partition => fileOf(folder, partition))))
      for (const partition of snapshot.partitions) {
        const file = fileOf(folder, partition)
        if (!kept.has(file)) await disk.remove(file)
      }
    },
  }
}
