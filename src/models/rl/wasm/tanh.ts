// The hyperbolic tangent of four floats at once, and of one in plain TypeScript with the same roundings: a ratio of two polynomials, as
// in Eigen (generic_fast_tanh_float). Within 4e-7, and 7 units in the last place, of the true value everywhere; at most 1 in size.

import { type Code, f32, f32x4, type Local } from '../../wasm/assembler.ts'

/** Beyond this the answer is 1 in float32. */
const REACH = 7.90531110763549805

/** Odd powers of the numerator from the 13th down, even powers of the denominator from the 6th down. */
const ABOVE = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5,
  6.37261928875436e-4, 4.89352455891786e-3,
] as const
const BELOW = [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3] as const

const all = (value: number): Code<'v128'> => f32x4.splat(f32.const(value))

/** Horner's rule in `square`. */
const polynomial = (terms: readonly number[], square: Code<'v128'>): Code<'v128'> =>
  terms.slice(1).reduce((value, next) => f32x4.add(f32x4.mul(value, square), all(next)), all(terms[0]!))

/** Replaces `x` by its tanh; `square` is scratch. */
export function tanhOf(x: Local<'v128'>, square: Local<'v128'>): Code<'none'>[] {
  return [
    x.set(f32x4.less(f32x4.more(x.get, all(-REACH)), all(REACH))),
    square.set(f32x4.mul(x.get, x.get)),
    x.set(f32x4.div(f32x4.mul(x.get, polynomial(ABOVE, square.get)), polynomial(BELOW, square.get))),
  ]
}

/** The same of one number. */
export function tanhFloat(value: number): number {
  const round = Math.fround
  const x = round(Math.min(Math.max(value, round(-REACH)), round(REACH)))
  const square = round(x * x)
  const horner = (terms: readonly number[]): number =>
    terms.slice(1).reduce((sum, next) => round(round(sum * square) + round(next)), round(terms[0]!))
  return round(round(x * horner(ABOVE)) / horner(BELOW))
}
