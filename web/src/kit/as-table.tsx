// The text alternative of a chart: the same figures as a table, folded until someone wants it.

import { type ReactNode, useState } from 'react'
import { text } from '../texts/text.ts'

type AsTableProps = {
  readonly label: string
  readonly headers: readonly string[]
  /** Read only while it is open. */
  readonly rows: () => readonly (readonly ReactNode[])[]
}

export function AsTable({ label, headers, rows }: AsTableProps) {
  const [open, setOpen] = useState(false)
  return (
    <details className="border-line border-t" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary className="px-3 py-1 text-mute text-xs hover:text-ink">{text('chart.asTable', { what: label })}</summary>
      {open && (
        <section aria-label={text('chart.asTable', { what: label })} tabIndex={0} className="max-h-64 overflow-auto">
          <table className="w-full text-right text-xs">
            <caption className="sr-only">{label}</caption>
            <thead className="sticky top-0 bg-panel">
              <tr>
                {headers.map(header => (
                  <th key={header} scope="col" className="px-3 py-1 font-medium text-mute first:text-left">
                    {header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map((row, i) => (
                <tr key={i}>
                  {row.map((cell, k) => (
                    <td key={headers[k]} className="px-3 py-0.5 first:text-left">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  )
}
