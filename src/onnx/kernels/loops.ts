// One loop for each elementwise operator. Loops instead of functions of one element, because a shared loop that calls a function
// costs ten times as much and leaves a boxed number behind at every call. The arrays round each result to float32.

import { power, relu, sigmoid, softplus } from './functions.ts'

type Floats = Float32Array
type Flags = Uint8Array

/** `x` and `to` have one length; so have `a` and `b`. */
export type UnaryLoop = (x: Floats, to: Floats) => void
export type BinaryLoop<In, Out> = (a: In, b: In, to: Out) => void

export const abs: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.abs(x[i]!)
}
export const ceil: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.ceil(x[i]!)
}
export const exp: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.exp(x[i]!)
}
export const floor: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.floor(x[i]!)
}
export const log: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.log(x[i]!)
}
export const negate: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = -x[i]!
}
export const reciprocal: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = 1 / x[i]!
}
export const rectify: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = relu(x[i]!)
}
export const logistic: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = sigmoid(x[i]!)
}
export const sign: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.sign(x[i]!)
}
export const smoothRectify: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = softplus(x[i]!)
}
export const squareRoot: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.sqrt(x[i]!)
}
export const tanh: UnaryLoop = (x, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.tanh(x[i]!)
}

export const add: BinaryLoop<Floats, Floats> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! + b[i]!
}
export const subtract: BinaryLoop<Floats, Floats> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! - b[i]!
}
export const multiply: BinaryLoop<Floats, Floats> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! * b[i]!
}
export const divide: BinaryLoop<Floats, Floats> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! / b[i]!
}
export const raise: BinaryLoop<Floats, Floats> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = power(a[i]!, b[i]!)
}
/** Math.min and Math.max let NaN win, as ONNX Runtime does. */
export const smaller: BinaryLoop<Floats, Floats> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.min(a[i]!, b[i]!)
}
export const larger: BinaryLoop<Floats, Floats> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = Math.max(a[i]!, b[i]!)
}

export const less: BinaryLoop<Floats, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! < b[i]! ? 1 : 0
}
export const lessOrEqual: BinaryLoop<Floats, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! <= b[i]! ? 1 : 0
}
export const greater: BinaryLoop<Floats, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! > b[i]! ? 1 : 0
}
export const greaterOrEqual: BinaryLoop<Floats, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! >= b[i]! ? 1 : 0
}
export const same: BinaryLoop<Floats | Flags, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i] === b[i] ? 1 : 0
}

export const both: BinaryLoop<Flags, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! & b[i]!
}
export const either: BinaryLoop<Flags, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! | b[i]!
}
export const exactlyOne: BinaryLoop<Flags, Flags> = (a, b, to) => {
  for (let i = 0; i < to.length; i++) to[i] = a[i]! ^ b[i]!
}
