// Polygon as the configuration wants it: its key from the environment, its limit from the settings.

import type { Disk } from '../../base/disk.ts'
import type { BarVendor } from '../../data/vendor.ts'
import { apiKey } from '../http/api-key.ts'
import type { JsonApiOptions } from '../http/json-api.ts'
import { polygonBars } from './bars.ts'

export type PolygonOptions = Omit<JsonApiOptions, 'key' | 'base' | 'requestsPerMinute'> & {
  readonly settings: { readonly baseUrl: string; readonly requestsPerMinute: number }
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly disk: Pick<Disk, 'read'>
}

/** Faults: `SECRET_MISSING`, `SECRET_INVALID`, `URL_…`, `SECRET_UNPROTECTED`. */
export async function configuredPolygon({ settings, environment, disk, ...rest }: PolygonOptions): Promise<BarVendor> {
  const key = await apiKey({ name: 'POLYGON_API_KEY', environment, disk, from: 'polygon.io' })
  return polygonBars({ ...rest, key, base: settings.baseUrl, requestsPerMinute: settings.requestsPerMinute })
}
