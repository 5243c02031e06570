// A thread that ends its process when the one that started it is gone, whatever native code is doing meanwhile.

import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'

const EVERY_MS = 100

const { parent } = workerData as { readonly parent: number }
while (process.ppid === parent) await sleep(EVERY_MS)
process.kill(process.pid, 'SIGKILL')
