// A thread that ends its process when that has grown too large: the native run next door cannot look at itself.

import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'

const EVERY_MS = 100

const { most, signal } = workerData as { readonly most: number; readonly signal: NodeJS.Signals }
while (process.memoryUsage.rss() <= most) await sleep(EVERY_MS)
process.kill(process.pid, signal)
