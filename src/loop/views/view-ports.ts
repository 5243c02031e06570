// What the views are made from: records, bars, releases and their files, all only read.

import type { Clock } from '../../base/clock.ts'
import type { Disk } from '../../base/disk.ts'
import type { DataSets } from '../../data/data-sets.ts'
import type { BarStore } from '../../data/store.ts'
import type { ParameterChangeStore } from '../../serving/parameter-changes.ts'
import type { Registry } from '../../serving/registry.ts'
import type { ReadModel } from '../../trading/read-model.ts'
import type { RunControl } from '../run-control.ts'

export type ViewPorts = {
  readonly directory: string
  readonly records: ReadModel
  readonly registry: Pick<
    Registry,
    'releases' | 'documents' | 'lastEvent' | 'lastHandover' | 'eventCounts' | 'gateReports' | 'events' | 'blocks'
  >
  readonly bars: Pick<BarStore, 'load' | 'list'>
  readonly dataSets: Pick<DataSets, 'list'>
  readonly parameterChanges: Pick<ParameterChangeStore, 'newest' | 'ofStrategy' | 'within'>
  readonly disk: Disk
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly entropy: (count: number) => Uint8Array
  readonly control: Pick<RunControl, 'live'>
  /** Of the program. */
  readonly version: string
  /** What a person must have read, and whose data it is; undefined: by the run. */
  readonly banner?: readonly string[] | undefined
  readonly dataNote?: string | undefined
}
