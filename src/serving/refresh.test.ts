import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted, refused } from '../base/fault.ts'
import { isRefresh } from './refresh.ts'

const set = (dataEnd: number, recipe: string | undefined = 'one') => ({
  recipe,
  windows: { fitEnd: 0, dataEnd, embargoMs: 0 },
})
const old = () => true

test('a refresh is the same recipe on newer data while the champion is past its age', () => {
  assert.equal(isRefresh(accepted(set(2)), set(1), old), true)
  assert.equal(
    isRefresh(accepted(set(2)), set(1), () => false),
    false,
  )
  assert.equal(isRefresh(accepted(set(1)), set(1), old), false)
  assert.equal(isRefresh(accepted(set(2, 'other')), set(1), old), false)
})

test('who says nothing of its recipe, follows nobody or does not load is none', () => {
  const silent = { ...set(2), recipe: undefined }
  assert.equal(isRefresh(accepted(silent), { ...set(1), recipe: undefined }, old), false)
  assert.equal(isRefresh(accepted(set(2)), undefined, old), false)
  assert.equal(isRefresh(refused('ONNX_OP', 'no'), set(1), old), false)
})
