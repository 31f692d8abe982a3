// Completion for three shells, from the description of the commands.
import { type Command, command } from "./command.js";
import { EXIT, UsageError } from "./exit.js";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Makes the command, which knows all the others. */
export const completionFor = (others: () => readonly Command[]): Command =>
  command({
    name: "completion",
    summary: "completion for bash, zsh or fish",
    about: "Prints a script that teaches the shell the commands, their options and the names of endpoints.",
    operands: { usage: SHELLS.join(" | "), min: 1, max: 1, words: SHELLS },
    options: [],
    examples: [
      ["completion bash >> ~/.bashrc", "bash"],
      ['completion zsh > "${fpath[1]}/_kraken-signer"', "zsh"],
      ["completion fish > ~/.config/fish/completions/kraken-signer.fish", "fish"],
    ],
    shape: "{ shell, script }",
    async run(io, _, [shell = ""]) {
      if (!SHELLS.includes(shell as (typeof SHELLS)[number])) throw new UsageError(`There is completion for ${SHELLS.join(", ")}.`);
      const script = { bash, zsh, fish }[shell as (typeof SHELLS)[number]](others());
      if (io.json) io.printJson({ shell, script });
      else io.print(script);
      return EXIT.done;
    },
  });

const top = (commands: readonly Command[]): string => [...commands.map(({ name }) => name), "help", "--help", "--version"].join(" ");
const optionsOf = ({ options }: Command): string => options.map(({ name }) => `--${name}`).join(" ");

/** What can follow an option, as cases of bash and zsh: file names, or one of some words. */
const valueCases = (commands: readonly Command[], files: string, words: (list: string) => string): string[] =>
  commands.flatMap(({ name, options }) =>
    options
      .filter(({ value }) => value)
      .map(({ name: option, value, choices }) => {
        const action = choices ? words(choices.join(" ")) : value === "FILE" ? files : ":";
        return `    ${name}:--${option}) ${action}; return ;;`;
      }),
  );

function bash(commands: readonly Command[]): string {
  const reply = (list: string): string => `COMPREPLY=($(compgen -W '${list}' -- "$word"))`;
  return [
    "# bash completion for kraken-signer",
    "_kraken_signer() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" command="${COMP_WORDS[1]}"',
    "  COMPREPLY=()",
    `  if [ "$COMP_CWORD" -eq 1 ]; then ${reply(top(commands))}; return; fi`,
    '  case "$command:$before" in',
    ...valueCases(commands, 'COMPREPLY=($(compgen -f -- "$word"))', reply),
    `    help:help) ${reply(commands.map(({ name }) => name).join(" "))}; return ;;`,
    "  esac",
    '  case "$command:$word" in',
    ...commands.map((one) => `    ${one.name}:-*) ${reply(optionsOf(one))} ;;`),
    ...commands.flatMap(({ name, operands: { words } }) =>
      words ? [`    ${name}:*) [ "$COMP_CWORD" -ne 2 ] || ${reply(words.join(" "))} ;;`] : [],
    ),
    "  esac",
    "}",
    "complete -o default -F _kraken_signer kraken-signer",
  ].join("\n");
}

function zsh(commands: readonly Command[]): string {
  const add = (list: string): string => `compadd -- ${list}`;
  return [
    "#compdef kraken-signer",
    "_kraken_signer() {",
    '  local word="${words[CURRENT]}" before="${words[CURRENT-1]}" command="${words[2]}"',
    `  if (( CURRENT == 2 )); then ${add(top(commands))}; return; fi`,
    '  case "$command:$before" in',
    ...valueCases(commands, "_files", add),
    `    help:help) ${add(commands.map(({ name }) => name).join(" "))}; return ;;`,
    "  esac",
    '  case "$command:$word" in',
    ...commands.map((one) => `    ${one.name}:-*) ${add(optionsOf(one))} ;;`),
    ...commands.flatMap(({ name, operands: { words } }) =>
      words ? [`    ${name}:*) (( CURRENT != 3 )) || ${add(words.join(" "))} ;;`] : [],
    ),
    "  esac",
    "}",
    // Read from a file in fpath it is called; sourced, it is registered.
    'if [ "$funcstack[1]" = "_kraken-signer" ]; then _kraken_signer "$@"; else compdef _kraken_signer kraken-signer; fi',
  ].join("\n");
}

function fish(commands: readonly Command[]): string {
  const text = (words: string): string => `'${words.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const say = "complete -c kraken-signer";
  const within = (name: string): string => `${say} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    "# fish completion for kraken-signer",
    `${say} -f`,
    ...commands.map(({ name, summary }) => `${say} -n __fish_use_subcommand -a ${name} -d ${text(summary)}`),
    `${say} -n __fish_use_subcommand -a help -d 'print the help of a command'`,
    `${say} -n __fish_use_subcommand -l help -d 'print the help'`,
    `${say} -n __fish_use_subcommand -l version -d 'print the version'`,
    ...commands.flatMap(({ name, options, operands: { words } }) => [
      ...options.map(({ name: option, value, choices, help }) => {
        const takes = !value ? "" : choices ? ` -x -a ${text(choices.join(" "))}` : value === "FILE" ? " -r -F" : " -x";
        return `${within(name)} -l ${option}${takes} -d ${text(help)}`;
      }),
      ...(words ? [`${within(name)} -a ${text(words.join(" "))}`] : []),
    ]),
  ].join("\n");
}
