// The archive reader under inputs that are broken, odd or hostile.

import { claim } from './claim.ts'

claim('archive', 10_000)
