// Bars on disk: `bars/<symbol>/<bar ms>/<month>.<sha8>.parquet` and one JSON file a snapshot. Nothing is ever overwritten.

import { join } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { type Disk, replaceFile } from '../../base/disk.ts'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import {
  type BarStore,
  byMonth,
  type MonthBars,
  type Partition,
  type Snapshot,
  snapshotIdOf,
} from '../../data/store.ts'
import { readPartitions, writePartitions } from './parquet.ts'

const MAX_PARTITION = 1 << 30
const MAX_SNAPSHOT = 1 << 24
/** Bars. */
const WRITTEN_AT_ONCE = 50_000

/** Symbols become folder names: whatever is not plain is written as its code. */
const folderName = (symbol: string): string =>
  symbol.replace(/[^A-Za-z0-9_-]/g, char => `%${char.codePointAt(0)!.toString(16)}`)

/** @param root folder of the data, e.g. `<state>/data` */
export function barStore(disk: Disk, root: string): BarStore {
  const folderOf = (symbol: string, barMs: number) => join(root, 'bars', folderName(symbol), String(barMs))
  const fileOf = (folder: string, partition: Partition) =>
    join(folder, `${partition.month}.${partition.sha256.slice(0, 16)}.parquet`)
  const pathOf = ({ symbol, barMs }: Pick<Snapshot, 'symbol' | 'barMs'>, partition: Partition) =>
    fileOf(folderOf(symbol, barMs), partition)

  /** Fault: `DATA_PARTITION_CORRUPT`. */
  const checked = async (snapshot: Snapshot, partition: Partition): Promise<string> => {
    const path = pathOf(snapshot, partition)
    if (sha256(await disk.read(path, MAX_PARTITION)) === partition.sha256) return path
    throw new Fault('DATA_PARTITION_CORRUPT', `stored bars of ${partition.month} no longer have their hash`, {
      place: path,
      fix: 'import the file again',
    })
  }

  const writeMonths: BarStore['writeMonths'] = async (series, months) => {
    const folder = folderOf(series.symbol, series.barMs)
    await disk.makeDirectory(join(folder, 'snapshots'))
    const partitions: Partition[] = []
    let staged: (MonthBars & { readonly path: string })[] = []
    // Months go to the writer by the handful: each start of it takes a moment, and all at once would take the memory of all.
    const flush = async (): Promise<void> => {
      for (const { path } of staged) await disk.remove(path)
      await writePartitions(staged)
      for (const { month, bars, path } of staged) {
        const partition = { month, sha256: sha256(await disk.read(path, MAX_PARTITION)), rows: bars.length }
        await disk.rename(path, fileOf(folder, partition))
        partitions.push(partition)
      }
      staged = []
    }
    for await (const month of months) {
      if ('sha256' in month) {
        partitions.push(month)
        continue
      }
      staged.push({ ...month, path: join(folder, `.${month.month}.writing`) })
      if (staged.reduce((sum, { bars }) => sum + bars.length, 0) >= WRITTEN_AT_ONCE) await flush()
    }
    if (staged.length > 0) await flush()
    await disk.syncDirectory(folder)
    return partitions.sort((a, b) => (a.month < b.month ? -1 : 1))
  }

  const publish: BarStore['publish'] = async ({ symbol, barMs, provenance, source, hasVolume }, partitions) => {
    const snapshotId = snapshotIdOf(partitions)
    const snapshot: Snapshot = { symbol, barMs, snapshotId, partitions, provenance, source, hasVolume }
    const text = new TextEncoder().encode(canonicalJson(snapshot))
    await replaceFile(disk, join(folderOf(symbol, barMs), 'snapshots', `${snapshotId}.json`), text)
    return snapshot
  }

  return {
    writeMonths,
    publish,
    save: async (facts, bars) => publish(facts, await writeMonths(facts, byMonth(bars))),
    async load(snapshot) {
      const paths: string[] = []
      for (const partition of snapshot.partitions) paths.push(await checked(snapshot, partition))
      const { symbol, barMs, hasVolume, source, provenance, snapshotId } = snapshot
      return { symbol, barMs, hasVolume, source, provenance, snapshotId, bars: await readPartitions(paths) }
    },
    loadMonth: async (snapshot, partition) => readPartitions([await checked(snapshot, partition)]),
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
