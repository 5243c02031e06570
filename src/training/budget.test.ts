import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planTrainings, type WaitingTraining } from './budget.ts'
import { budgetStart, spend, spentToday } from './budget-day.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const one = (pipeline: string, changes: Partial<WaitingTraining> = {}): WaitingTraining => {
  return { pipeline, drift: 0, ageMs: 12 * HOUR, exposure: 0, cpuMs: 10 * MINUTE, ...changes }
}
const plan = (waiting: readonly WaitingTraining[], minutes: number, spentMs = 0) => {
  const { run, left } = planTrainings(waiting, { cpuMinutesPerDay: minutes, spentMs, maxAgeMs: 24 * HOUR })
  return {
    run: run.map(({ pipeline }) => pipeline),
    left: left.map(({ training, reason }) => [training.pipeline, reason]),
  }
}

test('drift, age, exposure and a low price each bring a training forward', () => {
  const waiting = [
    one('plain'),
    one('drifted', { drift: 0.6 }),
    one('old', { ageMs: 30 * HOUR }),
    one('exposed', { exposure: 0.5 }),
    one('cheap', { cpuMs: 2 * MINUTE }),
    one('new', { ageMs: null, exposure: 1 }),
  ]
  assert.deepEqual(plan(waiting, 240).run, ['cheap', 'new', 'old', 'drifted', 'exposed', 'plain'])
})

test('what does not fit is listed with its reason, and a cheaper one takes the minutes that are left', () => {
  const waiting = [one('dear', { drift: 9, cpuMs: 40 * MINUTE }), one('cheap')]
  assert.deepEqual(plan(waiting, 240, 215 * MINUTE), {
    run: ['cheap'],
    left: [['dear', '40.0 CPU minutes are needed, 25.0 of 240 are left today']],
  })
})

test('nothing fits into a day that is spent, and what never ran is taken to cost a minute', () => {
  assert.deepEqual(plan([one('first', { cpuMs: null })], 5, 6 * MINUTE).left, [
    ['first', '1.0 CPU minutes are needed, 0.0 of 5 are left today'],
  ])
  assert.deepEqual(plan([one('first', { cpuMs: null })], 5, 4 * MINUTE).run, ['first'])
})

test('the order does not depend on the order of arrival', () => {
  const waiting = ['b', 'c', 'a'].map(name => one(name))
  assert.deepEqual(plan(waiting, 240).run, plan([...waiting].reverse(), 240).run)
})

test('a day counts what its trainings took, the next begins with nothing, and the last price is remembered', () => {
  const noon = Date.UTC(2026, 0, 15, 12)
  const spent = spend(spend(budgetStart, 'stable/SPX', 3 * MINUTE, noon), 'stable/ES', MINUTE, noon + HOUR)
  assert.equal(spentToday(spent, noon + 2 * HOUR), 4 * MINUTE)
  assert.equal(spentToday(spent, noon + 12 * HOUR), 0)
  assert.deepEqual(spend(spent, 'stable/SPX', 1, noon + 24 * HOUR), {
    day: spent.day + 1,
    spentMs: 1,
    last: { 'stable/SPX': 1, 'stable/ES': MINUTE },
  })
})
