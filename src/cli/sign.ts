// `ratchet sign`: the HMAC of a plain manifest (release chapter, section 9).

import { signFile } from '../loop/plain-file.ts'
import type { Verb } from './command.ts'
import { addKeyOptions, chosenKey, type KeyOptions } from './key-options.ts'
import { example } from './lines.ts'

type SignOptions = KeyOptions & {
  readonly manifest: string
  readonly addToManifest?: boolean
  readonly outputOnly?: boolean
}

export const sign: Verb = (program, act) => {
  const command = program
    .command('sign')
    .description('sign a plain manifest; prints the signature')
    .requiredOption('--manifest <file>', 'the manifest, e.g. current.json')
    .option('--add-to-manifest', 'write the signature into the file')
    .option('--output-only', 'print the signature and nothing else')
    .addHelpText('after', example('sign --manifest current.json --add-to-manifest'))
  addKeyOptions(command).action(
    act(async (session, options: SignOptions) => {
      const { ports, out } = session
      const { manifest: file, addToManifest: add = false, outputOnly = false } = options
      const key = await chosenKey(options, session)
      const signature = await signFile({ file, key: key.secret, add }, ports)
      if (!outputOnly) out.note(`signed with ${key.keyid}${add ? `; written into ${file}` : ''}`)
      out.result({ file, algorithm: 'HMAC-SHA256', keyid: key.keyid, signature, added: add }, [signature])
    }),
  )
}
