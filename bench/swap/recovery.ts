// How long a start takes until the set that was in charge decides again: a process of its own, from its first line to a filled slot,
// with every byte of the models hashed and checked again.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { largeRelease, modelBytes } from './large.ts'
import { openPlace, putInCharge } from './place.ts'

export type BootLine = {
  readonly name: 'boot'
  /** Models of the set in charge, and of the set before it, which is loaded as the way back. */
  readonly mebibytes: number
  readonly wayBackMebibytes: number
  readonly starts: number
  /** `bootSlot` alone. */
  readonly medianMs: number
  readonly longestMs: number
  /** From the start of the process. */
  readonly processMs: number
  readonly limitMs: number
}

const CHILD = fileURLToPath(new URL('recovery-child.ts', import.meta.url))
const MIB = 2 ** 20

export async function recovery(starts: number): Promise<BootLine> {
  const place = await openPlace()
  try {
    // Three roles of 21.4 MiB: the cap of one model is 32 MiB.
    const units = { meta: 2366, execution: 2366, rl_sizer: 2366 }
    const first = largeRelease(1, {})
    const second = largeRelease(2, units, first)
    await putInCharge(first, place.installation)
    await putInCharge(second, place.installation)
    const times: { boot: number; process: number }[] = []
    for (let start = 0; start < starts; start++) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, place.directory], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`a start failed: ${stderr}`)
      const said = JSON.parse(stdout) as { digest: string; bootMs: number; processMs: number }
      if (said.digest !== second.manifestSha256) throw new Error(`${said.digest} is in charge after a start`)
      times.push({ boot: said.bootMs, process: said.processMs })
    }
    const boots = times.map(({ boot }) => boot).sort((a, b) => a - b)
    return {
      name: 'boot',
      mebibytes: modelBytes(second) / MIB,
      wayBackMebibytes: modelBytes(first) / MIB,
      starts,
      medianMs: boots[starts >> 1]!,
      longestMs: boots.at(-1)!,
      processMs: Math.max(...times.map(time => time.process)),
      limitMs: 2000,
    }
  } finally {
    await place.close()
  }
}
