// `ratchet completion SHELL`: a script that completes verbs and options, made from the program itself (CLI-03).

import { Argument, type Command as Commander } from 'commander'
import type { Verb } from './command.ts'
import { example } from './lines.ts'

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
type Shell = (typeof SHELLS)[number]

/** Words that may follow a chain of verbs: `models` -> `list show ... --json`. */
type Completions = ReadonlyMap<string, readonly string[]>

function completionsOf(command: Commander, path = ''): Map<string, readonly string[]> {
  const options = command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]))
  const found = new Map([[path, [...command.commands.map(child => child.name()), ...options]]])
  for (const child of command.commands) {
    for (const [key, words] of completionsOf(child, `${path} ${child.name()}`.trim())) found.set(key, [...words])
  }
  return found
}

/** What no verb is called ends the chain: arguments such as file names. */
function bash(words: Completions): string[] {
  return [
    '_ratchet() {',
    '  local chain="" word words=""',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in -*) ;; *) chain="${chain:+$chain }$word" ;; esac',
    '  done',
    '  case "$chain" in',
    ...Array.from(words, ([chain, all]) => `    "${chain}") words="${all.join(' ')}" ;;`),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _ratchet ratchet ./ratchet',
  ]
}

const zsh = (words: Completions): string[] => ['autoload -U +X bashcompinit && bashcompinit', ...bash(words)]

function fish(words: Completions): string[] {
  const lines = [
    'function __ratchet_chain',
    '  string join " " -- (string match -v -- "-*" (commandline -opc)[2..-1])',
    'end',
  ]
  for (const [chain, all] of words) {
    lines.push(`complete -c ratchet -n 'test (__ratchet_chain) = "${chain}"' -a '${all.join(' ')}'`)
  }
  return lines
}

function powershell(words: Completions): string[] {
  return [
    'Register-ArgumentCompleter -Native -CommandName ratchet -ScriptBlock {',
    '  param($word, $line, $cursor)',
    '  $words = @{',
    ...Array.from(words, ([chain, all]) => `    '${chain}' = '${all.join(' ')}'`),
    '  }',
    '  $given = $line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" }',
    '  $chain = ($given | Where-Object { $_ -notlike "-*" -and $_ -ne $word }) -join " "',
    '  "$($words[$chain])".Split(" ") | Where-Object { $_ -like "$word*" }',
    '}',
  ]
}

const WRITERS: Readonly<Record<Shell, (words: Completions) => string[]>> = { bash, zsh, fish, powershell }

export const completion: Verb = (program, act) => {
  program
    .command('completion')
    .description('print a script that completes verbs and options in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .addHelpText('after', example('completion bash > /etc/bash_completion.d/ratchet'))
    .action(
      act(async ({ out }, shell: Shell) => {
        const lines = WRITERS[shell](completionsOf(program))
        out.result({ shell, script: `${lines.join('\n')}\n` }, lines)
      }),
    )
}
