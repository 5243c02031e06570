// Which addresses a name may stand for. Whoever can redirect us, or answer for a name, must not make us ask our own network (REL-41).

import { BlockList, isIP } from 'node:net'

export type Reach = 'public' | 'inside' | 'never'

/** IANA special-purpose registries (RFC 6890 and updates). */
const INSIDE = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '::1/128', 'fc00::/7']
const NEVER = [
  '0.0.0.0/8',
  // Link-local: also where clouds keep their metadata and keys.
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  // Translations that hide an IPv4 address.
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
  '100::/64',
  '2001:db8::/32',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string]
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

const inside = listOf(INSIDE)
const never = listOf(NEVER)

/**
 * An IPv4 address inside an IPv6 one counts as itself.
 *
 * @example reachOf('::ffff:169.254.169.254') // 'never'
 */
export function reachOf(address: string): Reach {
  const [plain] = address.split('%') as [string]
  const family = isIP(plain)
  if (family === 0) return 'never'
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  if (inside.check(plain, kind)) return 'inside'
  return never.check(plain, kind) ? 'never' : 'public'
}

export type AddressGuard = {
  /** Whether the host that was configured may be at this address. */
  readonly home: (address: string) => boolean
  /** Whether a host that a redirect named may. */
  readonly elsewhere: (address: string) => boolean
}

/**
 * A configured host may be on our own network; one that was public once may not move there (a rebound name). Redirects lead inside only
 * from an origin that is inside itself.
 */
export function addressGuard(): AddressGuard {
  let reach: Reach | undefined
  return {
    home(address) {
      const found = reachOf(address)
      reach ??= found
      return found === 'public' || (found === 'inside' && reach === 'inside')
    },
    elsewhere(address) {
      const found = reachOf(address)
      return found === 'public' || (found === 'inside' && reach === 'inside')
    },
  }
}
