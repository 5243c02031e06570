// Readers of what a publisher signs, under inputs that are broken, odd or hostile.

import { claim } from './claim.ts'

claim('json', 12_000)
claim('plain', 8_000)
claim('envelope', 5_000)
claim('pointer', 5_000)
