// A step of Adam in a kernel.

import { type Code, f32x4, i32, loop } from '../../wasm/assembler.ts'
import { FLOAT, forward, kernel, VECTOR } from './kernel.ts'

/** Offset of each number in `numbers` of Adam's kernel. */
export const ADAM_NUMBERS = ['scale', 'rate', 'root', 'epsilon', 'keep1', 'take1', 'keep2', 'take2'] as const
type AdamNumber = (typeof ADAM_NUMBERS)[number]

/**
 * Adam (Kingma and Ba 2015, algorithm 1): `m = keep1*m + take1*g`, `v = keep2*v + take2*g*g`, `w -= rate*m/(sqrt(v)*root + epsilon)`
 * with `g` the gradient times `scale`, and both corrections of bias in `rate` and `root`.
 */
export const adam = kernel(
  'adam',
  { params: ['w', 'end', 'gradient', 'first', 'second', 'numbers'], vectors: ['g', 'm', 'n'] },
  ({ i, v }) => {
    const number = (name: AdamNumber): Code<'v128'> =>
      f32x4.loadSplat(i('numbers').get, ADAM_NUMBERS.indexOf(name) * FLOAT)
    const mixed = (keep: AdamNumber, old: 'first' | 'second', take: AdamNumber, value: Code<'v128'>): Code<'v128'> =>
      f32x4.add(f32x4.mul(number(keep), f32x4.load(i(old).get)), f32x4.mul(number(take), value))
    const [g, m, n] = [v('g'), v('m'), v('n')]
    return [
      loop(
        i32.ltU(i('w').get, i('end').get),
        g.set(f32x4.mul(f32x4.load(i('gradient').get), number('scale'))),
        m.set(mixed('keep1', 'first', 'take1', g.get)),
        n.set(mixed('keep2', 'second', 'take2', f32x4.mul(g.get, g.get))),
        f32x4.store(i('first').get, m.get),
        f32x4.store(i('second').get, n.get),
        f32x4.store(
          i('w').get,
          f32x4.sub(
            f32x4.load(i('w').get),
            f32x4.div(
              f32x4.mul(number('rate'), m.get),
              f32x4.add(f32x4.mul(f32x4.sqrt(n.get), number('root')), number('epsilon')),
            ),
          ),
        ),
        ...['w', 'gradient', 'first', 'second'].map(name => forward(i(name), VECTOR)),
      ),
    ]
  },
)
