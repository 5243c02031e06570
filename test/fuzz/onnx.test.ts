// The ONNX reader under inputs that are broken, odd or hostile.

import { claim } from './claim.ts'

claim('onnx', 10_000)
