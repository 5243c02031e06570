import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressGuard, reachOf } from './address.ts'

const EXPECTED: Readonly<Record<ReturnType<typeof reachOf>, readonly string[]>> = {
  public: ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '2606:4700::1111', '::ffff:8.8.8.8'],
  inside: [
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fc00::1',
    'fdff::1',
    '::ffff:127.0.0.1',
    '::ffff:10.1.2.3',
    '::ffff:7f00:1',
  ],
  never: [
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::',
    '::127.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'localhost',
    '',
    '127.1',
  ],
}

for (const [reach, addresses] of Object.entries(EXPECTED)) {
  test(`${reach}: ${addresses.join(' ')}`, () => {
    assert.deepEqual(
      addresses.filter(address => reachOf(address) !== reach),
      [],
    )
  })
}

test('a host that was public once may not move inside, nor anywhere that is never asked', () => {
  const guard = addressGuard()
  assert.ok(guard.home('8.8.8.8'))
  assert.ok(!guard.home('127.0.0.1'))
  assert.ok(!guard.home('169.254.169.254'))
  assert.ok(guard.home('1.1.1.1'))
})

test('a redirect leads inside only from an origin that is inside', () => {
  const outside = addressGuard()
  outside.home('8.8.8.8')
  assert.ok(!outside.elsewhere('10.0.0.1'))
  const inside = addressGuard()
  inside.home('192.168.1.1')
  assert.ok(inside.elsewhere('10.0.0.1'))
  assert.ok(!inside.elsewhere('169.254.169.254'))
})
