// Where a series comes from and how it came to be what it is (DATA-07).

import { z } from 'zod'

export const lineageSchema = z.object({
  /** Of the calculation: what was asked of whom, or which file was read. */
  path: z.string(),
  /** When the last of it came, ISO 8601. */
  fetchedAt: z.string(),
  /** Over the bytes as they came, page by page. */
  sha256: z.string(),
  /** Whether the vendor had put today's splits into old prices; null where nobody says. */
  adjusted: z.boolean().nullable(),
})

export type Lineage = z.infer<typeof lineageSchema>
