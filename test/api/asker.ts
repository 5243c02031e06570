// Asks the API of a world as a visitor does, without a socket.

import assert from 'node:assert/strict'
import { type ApiWorld, HOST } from './world.ts'

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }

/** @param world asked for with each question: it is opened after the tests are declared */
export function asker(world: () => ApiWorld) {
  const ask = (url: string, headers: Record<string, string> = {}) =>
    world().api.inject({ url, headers: { ...HOST, ...headers } })

  async function get<T>(url: string): Promise<T> {
    const response = await ask(url)
    assert.equal(response.statusCode, 200, `${url}: ${response.body}`)
    return response.json<T>()
  }

  async function refused(url: string, status: number, code: string): Promise<void> {
    const response = await ask(url)
    const problem = response.json<{ code: string; status: number; instance: string; hint: string | null }>()
    assert.deepEqual([response.statusCode, problem.status, problem.code], [status, status, code], url)
    assert.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(problem.instance, url.split('?')[0])
  }

  async function all<T>(url: string): Promise<T[]> {
    const items: T[] = []
    let cursor: string | null = null
    do {
      const page: Page<T> = await get(cursor === null ? url : `${url}&cursor=${cursor}`)
      items.push(...page.items)
      cursor = page.next
    } while (cursor !== null)
    return items
  }

  return { ask, get, refused, all }
}
