// FRED as the configuration wants it: its key from the environment, its limit from the settings.

import type { Disk } from '../../base/disk.ts'
import type { MacroVendor } from '../../data/macro-vendor.ts'
import { apiKey } from '../http/api-key.ts'
import type { JsonApiOptions } from '../http/json-api.ts'
import { fredSeries } from './series.ts'

export type FredOptions = Omit<JsonApiOptions, 'key' | 'base' | 'requestsPerMinute'> & {
  readonly settings: { readonly baseUrl: string; readonly requestsPerMinute: number }
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly disk: Pick<Disk, 'read'>
}

/** Faults: `SECRET_MISSING`, `SECRET_INVALID`, `URL_…`, `SECRET_UNPROTECTED`. */
export async function configuredFred({ settings, environment, disk, ...rest }: FredOptions): Promise<MacroVendor> {
  const key = await apiKey({ name: 'FRED_API_KEY', environment, disk, from: 'fredaccount.stlouisfed.org/apikeys' })
  return fredSeries({ ...rest, key, base: settings.baseUrl, requestsPerMinute: settings.requestsPerMinute })
}
