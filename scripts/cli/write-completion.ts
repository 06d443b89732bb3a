import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Word {
  text: string;
  what: string;
}

/** What may follow after some words, joined by points; the program itself is the empty path. */
interface Place {
  path: string;
  commands: Word[];
  options: (Word & { values: readonly string[] })[];
  /** What its argument may be, where that is known. */
  values: readonly string[];
}

const optionWord = (option: Option): Place['options'][number] => ({
  text: option.long ?? option.flags,
  what: option.description,
  values: option.argChoices ?? [],
});

function placesOf(command: Command, path = ''): Place[] {
  const children = command.commands.map((child) => ({
    child,
    path: path === '' ? child.name() : `${path}.${child.name()}`,
  }));
  return [
    {
      path,
      commands: command.commands.map((one) => ({ text: one.name(), what: one.description() })),
      options: command.options.map(optionWord),
      values: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    },
    ...children.flatMap((one) => placesOf(one.child, one.path)),
  ];
}

const wordsOf = ({ commands, options, values }: Place): string[] => [
  ...commands.map(({ text }) => text),
  ...values,
  ...options.map(({ text }) => text),
  '--help',
];

const pathsIn = (places: readonly Place[]): string =>
  places
    .map(({ path }) => path)
    .filter((path) => path !== '')
    .join('|');

function bash(places: readonly Place[]): string {
  const cases = places.map(
    (place) => `    '${place.path}') words='${wordsOf(place).join(' ')}' ;;`,
  );
  const values = places.flatMap(({ path, options }) =>
    options
      .filter((option) => option.values.length > 0)
      .map((option) => `    '${path}:${option.text}') words='${option.values.join(' ')}' ;;`),
  );
  return `_florin() {
  local path= next words= at
  for ((at = 1; at < COMP_CWORD; at++)); do
    next=\${path:+$path.}\${COMP_WORDS[at]}
    case $next in ${pathsIn(places)}) path=$next ;; esac
  done
  case $path in
${cases.join('\n')}
  esac
  case "$path:\${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _florin florin`;
}

/** As a text in single quotes, of either shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`;

function zsh(places: readonly Place[]): string {
  const described = ({ commands, options, values }: Place): string =>
    [...commands, ...values.map((text) => ({ text, what: text })), ...options]
      .map(({ text, what }) => quoted(`${text}:${what.replaceAll(':', '\\:')}`))
      .join(' ');
  const cases = places.map((place) => `    (${quoted(place.path)}) found=(${described(place)}) ;;`);
  return `#compdef florin
_florin() {
  local known= next at
  local -a found
  for ((at = 2; at < CURRENT; at++)); do
    next=\${known:+$known.}\${words[at]}
    case $next in (${pathsIn(places)}) known=$next ;; esac
  done
  case $known in
${cases.join('\n')}
  esac
  _describe florin found
}
compdef _florin florin`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, commands, options, values }) => {
    const start = `complete -c florin -n "__florin_at '${path}'"`;
    return [
      ...commands.map(({ text, what }) => `${start} -a ${text} -d ${quoted(what)}`),
      ...values.map((text) => `${start} -a ${text}`),
      ...options.map(({ text, what, values: known }) => {
        const choices = known.length === 0 ? '' : ` -xa ${quoted(known.join(' '))}`;
        return `${start} -l ${text.replace(/^--/, '')}${choices} -d ${quoted(what)}`;
      }),
    ];
  });
  return `function __florin_at
  set -l path ''
  for word in (commandline -opc)[2..]
    set -l next (string trim --left --chars . -- "$path.$word")
    contains -- $next ${pathsIn(places).replaceAll('|', ' ')}; and set path $next
  end
  test "$path" = "$argv[1]"
end
complete -c florin -f
${lines.join('\n')}`;
}

const WRITERS: Record<Shell, (places: readonly Place[]) => string> = { bash, zsh, fish };

/** What a shell reads to complete the command line of a program, made of its own commands. */
export const writeCompletion = (program: Command, shell: Shell): string =>
  WRITERS[shell](placesOf(program));
