// Scalar functions with the edge cases (NaN, infinities) of C and of ONNX Runtime.

/** max(x, 0) that keeps NaN. */
export const relu = (x: number): number => (x < 0 ? 0 : x)

/** Of the form that never overflows. */
export const sigmoid = (x: number): number => {
  const e = Math.exp(-Math.abs(x))
  return x < 0 ? e / (1 + e) : 1 / (1 + e)
}

/** log(1 + e^x) without overflow. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** C's pow, where 1 to any power and -1 to an infinite one are 1; in JavaScript they are NaN. */
export const power = (base: number, exponent: number): number => {
  if (base === 1) return 1
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1
  return base ** exponent
}
