import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STYLE } from './style.ts'

/** Relative luminance (WCAG 2.2). */
function luminance(color: string): number {
  const digits = color.length === 4 ? color.slice(1).replace(/./g, '$&$&') : color.slice(1)
  const [red = 0, green = 0, blue = 0] = [0, 2, 4]
    .map(at => Number.parseInt(digits.slice(at, at + 2), 16) / 255)
    .map(share => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (bright + 0.05) / (dark + 0.05)
}

const blocks = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(([, body = '']) => body)
const colors = (body: string) =>
  new Map([...body.matchAll(/--([a-z0-9]+):(#[0-9a-f]+)/g)].map(([, name, color]) => [name!, color!]))

for (const [name, body] of [
  ['light', blocks[0]!],
  ['dark', blocks[1]!],
] as const) {
  test(`every text of the ${name} theme can be read: contrast of at least 4.5`, () => {
    const color = colors(body)
    const of = (text: string, ground: string) => contrast(color.get(text)!, color.get(ground)!)
    for (const text of ['text', 'soft', 'good', 'bad', 'mixed']) {
      for (const ground of ['page', 'card'])
        assert.ok(of(text, ground) >= 4.5, `${text} on ${ground}: ${of(text, ground)}`)
    }
    for (const shade of ['up1', 'up2', 'up3', 'up4', 'down1', 'down2', 'down3', 'down4']) {
      assert.ok(of('text', shade) >= 4.5, `text on ${shade}: ${of('text', shade)}`)
    }
    for (const line of ['accent', 'second', 'third']) assert.ok(of(line, 'card') >= 3, `${line}: ${of(line, 'card')}`)
  })
}

test('contrast is that of the standard: black on white is 21', () => {
  assert.equal(contrast('#000', '#ffffff'), 21)
})
