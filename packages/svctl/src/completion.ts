/** Completion scripts. They ask the service folder for the names, not svctl: a key has to be answered at once. */

export interface Words {
  /** Subcommands, with what they do. */
  commands: readonly { name: string; describe: string }[]
  options: readonly { name: string; describe: string }[]
  /** svc's letters, with their words. */
  letters: readonly { letter: string; word: string }[]
}

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export function completionScript(shell: Shell, words: Words): string {
  return { bash, zsh, fish }[shell](words)
}

/** Names in the service folder, for bash and zsh. */
const names = '${SVCTL_ROOT:-/service}'

function bash({ commands, options, letters }: Words): string {
  return `# bash completion of svctl, svc, svstat and svok. To have it: svctl completion bash > /etc/bash_completion.d/svctl
_svctl_services() {
  local root=${names} name
  for name in "$root"/*/; do name=\${name%/}; [ -e "$name" ] && printf '%s\\n' "\${name##*/}"; done
}
_svctl() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '${options.map(({ name }) => name).join(' ')}' -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word"))
  elif [[ $word == */* ]]; then COMPREPLY=($(compgen -d -- "$word"))
  else case \${COMP_WORDS[1]} in
    completion) COMPREPLY=($(compgen -W '${shells.join(' ')}' -- "$word")) ;;
    help) COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$(_svctl_services)" -- "$word")) ;;
  esac
  fi
}
_svc() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  # bash shows no explanations: the letter and its word are one line of the list, and only the letter is typed
  if [[ $word == - ]]; then
    COMPREPLY=(${letters.map(({ letter, word }) => `'-${letter}  ${word}'`).join(' ')})
    [[ \${COMP_TYPE:-} -eq 63 ]] || COMPREPLY=(${letters.map(({ letter }) => `-${letter}`).join(' ')})
  elif [[ $word == -* ]]; then COMPREPLY=("$word")
  else COMPREPLY=($(compgen -d -- "\${word:-${names}/}"))
  fi
}
_svcdirs() { local word=\${COMP_WORDS[COMP_CWORD]}; COMPREPLY=($(compgen -d -- "\${word:-${names}/}")); }
complete -F _svctl svctl
complete -o filenames -F _svc svc
complete -o filenames -F _svcdirs svstat svok
`
}

function zsh({ commands, options, letters }: Words): string {
  const quote = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:')
  // What is in the file becomes the function _svctl: none in it may have that name.
  return `#compdef svctl svc svstat svok
# zsh completion of svctl, svc, svstat and svok. To have it: svctl completion zsh > a file _svctl in a folder of $fpath
_svctl_services() {
  local -a services
  services=(${names}/*(N-/:t))
  _describe 'service' services
  _path_files -/
}
_svctl_commands() {
  local -a commands
  commands=(
${commands.map(({ name, describe }) => `    '${quote(name)}:${quote(describe)}'`).join('\n')}
  )
  _describe 'command' commands
}
_svctl_options() {
  local -a options
  options=(
${options.map(({ name, describe }) => `    '${quote(name)}:${quote(describe)}'`).join('\n')}
  )
  _describe 'option' options
}
_svctl_arguments() {
  if [[ $PREFIX == -* ]]; then _svctl_options
  elif (( CURRENT == 2 )); then _svctl_commands
  else case $words[2] in
    completion) compadd ${shells.join(' ')} ;;
    help) _svctl_commands ;;
    *) _svctl_services ;;
  esac
  fi
}
_svctl_letters() {
  local -a letters
  letters=(
${letters.map(({ letter, word }) => `    '-${letter}:${word}'`).join('\n')}
  )
  if [[ $PREFIX == -* ]]; then _describe 'letter' letters; else _path_files -/ -W ${names}; _path_files -/; fi
}
case $service in
  svctl) _svctl_arguments ;;
  svc) _svctl_letters ;;
  *) _path_files -/ ;;
esac
`
}

function fish({ commands, options, letters }: Words): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return `# fish completion of svctl, svc, svstat and svok. To have it: svctl completion fish > ~/.config/fish/completions/svctl.fish
function __svctl_root
  if set -q SVCTL_ROOT; echo $SVCTL_ROOT; else; echo /service; end
end
function __svctl_services
  for name in (__svctl_root)/*/; string replace -r '.*/([^/]+)/$' '$1' $name; end
end
complete -c svctl -f
${commands.map(({ name, describe }) => `complete -c svctl -n __fish_use_subcommand -a ${name} -d ${quote(describe)}`).join('\n')}
complete -c svctl -n 'not __fish_use_subcommand; and not __fish_seen_subcommand_from completion help' -a '(__svctl_services)' -d service
complete -c svctl -n '__fish_seen_subcommand_from completion' -a '${shells.join(' ')}'
complete -c svctl -n '__fish_seen_subcommand_from help' -a '${commands.map(({ name }) => name).join(' ')}'
${options.map(({ name, describe }) => (name.startsWith('--') ? `complete -c svctl -l ${name.slice(2)} -d ${quote(describe)}` : `complete -c svctl -s ${name.slice(1)} -d ${quote(describe)}`)).join('\n')}
${letters.map(({ letter, word }) => `complete -c svc -s ${letter} -d ${quote(word)}`).join('\n')}
complete -c svc -a '(__svctl_root)/*/' -d service
complete -c svstat -a '(__svctl_root)/*/' -d service
complete -c svok -a '(__svctl_root)/*/' -d service
`
}
