// `ratchet keys ...`: the keys that sign and verify releases (release chapter, section 4).

import type { Verb } from './command.ts'
import { keysAcceptHwm } from './keys-accept-hwm.ts'
import { keysDerive } from './keys-derive.ts'
import { keysExportPublic, keysList, keysShow } from './keys-list.ts'
import { keysNew } from './keys-new.ts'
import { keysRevoke } from './keys-revoke.ts'
import { keysRotate } from './keys-rotate.ts'

export const keys: Verb = (program, act) => {
  const group = program.command('keys').description('signing keys: make, look at, hand on, replace, revoke')
  for (const verb of [
    keysNew,
    keysList,
    keysShow,
    keysDerive,
    keysRotate,
    keysRevoke,
    keysExportPublic,
    keysAcceptHwm,
  ]) {
    verb(group, act)
  }
}
