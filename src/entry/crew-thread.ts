// A helping thread as a program: it knows the models' jobs and does them as they come.

import { parentPort, workerData } from 'node:worker_threads'
import { serveCrew } from '../adapters/threads/crew-member.ts'
import type { CrewData } from '../adapters/threads/crew-message.ts'
import { crewJobs } from '../models/jobs.ts'

if (parentPort === null) throw new Error('crew-thread.ts runs as a thread only')
serveCrew(parentPort, workerData as CrewData, crewJobs)
