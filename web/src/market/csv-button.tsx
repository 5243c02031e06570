// Saves a list as a CSV file.

import { useState } from 'react'
import { csvOf } from '../api/csv.ts'
import { RequestProblem } from '../api/problem.ts'
import type { Query } from '../api/request.ts'
import { Button } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { text } from '../texts/text.ts'

type CsvButtonProps = { readonly name: string; readonly path: string; readonly query: Query }

export function CsvButton({ name, path, query }: CsvButtonProps) {
  const [state, setState] = useState<'ready' | 'busy' | 'failed'>('ready')
  const save = async (): Promise<void> => {
    setState('busy')
    try {
      saveFile(`${name}.csv`, await csvOf(path, query))
      setState('ready')
    } catch (error) {
      if (!(error instanceof RequestProblem) && !(error instanceof TypeError)) throw error
      setState('failed')
    }
  }
  return (
    <Button disabled={state === 'busy'} onClick={() => void save()}>
      <Icon name={state === 'failed' ? 'warn' : 'download'} size={13} />
      {text(state === 'failed' ? 'csv.failed' : 'csv.save')}
    </Button>
  )
}

function saveFile(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
