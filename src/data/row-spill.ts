// Rows of a file by month, in memory or on disk: a file of any size is looked at month by month, and only a month of it is held (DATA-01).

import type { Disk } from '../base/disk.ts'
import { monthOf } from './store.ts'

export type Row = {
  readonly line: number
  /** ms UTC; of a label its day at 00:00Z. */
  readonly time: number
  readonly label: boolean
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

export interface RowSpill {
  put(row: Row): Promise<void> | undefined
  /** In their order. */
  months(): readonly string[]
  /** Of a month, in the order in which they were put. */
  rows(month: string): Promise<readonly Row[]>
  clear(): Promise<void>
}

function putInto(byMonth: Map<string, Row[]>, row: Row): void {
  const month = monthOf(row.time)
  const list = byMonth.get(month)
  if (list === undefined) byMonth.set(month, [row])
  else list.push(row)
}

export function memorySpill(): RowSpill {
  const byMonth = new Map<string, Row[]>()
  return {
    put(row) {
      putInto(byMonth, row)
      return undefined
    },
    months: () => [...byMonth.keys()].sort(),
    rows: async month => byMonth.get(month) ?? [],
    clear: async () => byMonth.clear(),
  }
}

const WIDTH = 8

function encode(rows: readonly Row[]): Uint8Array {
  const cells = new Float64Array(rows.length * WIDTH)
  for (const [i, { line, time, label, open, high, low, close, volume }] of rows.entries()) {
    cells.set([line, time, label ? 1 : 0, open, high, low, close, volume], i * WIDTH)
  }
  return new Uint8Array(cells.buffer)
}

function decode(bytes: Uint8Array): Row[] {
  const cells = new Float64Array(bytes.slice().buffer)
  return Array.from({ length: cells.length / WIDTH }, (_, i) => {
    const at = i * WIDTH
    const [line, time, label, open, high, low, close, volume] = cells.subarray(at, at + WIDTH) as unknown as number[]
    return {
      line: line!,
      time: time!,
      label: label === 1,
      open: open!,
      high: high!,
      low: low!,
      close: close!,
      volume: volume!,
    }
  })
}

/** Rows that are held until they are written. */
const HELD = 65_536

/** @param folder of this one import; what an earlier one left there is removed */
export function diskSpill(disk: Disk, folder: string, held = HELD): RowSpill {
  const byMonth = new Map<string, Row[]>()
  const files = new Map<string, string[]>()
  let count = 0
  let written = 0
  const flush = async (): Promise<void> => {
    if (written === 0) {
      await disk.remove(folder)
      await disk.makeDirectory(folder)
    }
    for (const [month, rows] of byMonth) {
      const path = `${folder}/${month}.${written++}`
      const file = await disk.create(path)
      try {
        await file.write(encode(rows))
      } finally {
        await file.close()
      }
      files.set(month, [...(files.get(month) ?? []), path])
    }
    byMonth.clear()
    count = 0
  }
  return {
    put(row) {
      putInto(byMonth, row)
      return ++count >= held ? flush() : undefined
    },
    months: () => [...new Set([...files.keys(), ...byMonth.keys()])].sort(),
    async rows(month) {
      const rows: Row[] = []
      for (const path of files.get(month) ?? []) {
        for (const row of decode(await disk.read(path, held * WIDTH * 8))) rows.push(row)
      }
      for (const row of byMonth.get(month) ?? []) rows.push(row)
      return rows
    },
    async clear() {
      byMonth.clear()
      files.clear()
      if (written > 0) await disk.remove(folder)
      written = 0
    },
  }
}
