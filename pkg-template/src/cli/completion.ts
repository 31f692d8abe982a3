// Completion scripts for three shells, made from the descriptions of the commands.
import { type Command, command } from "./command.js";
import { EXIT, UsageError } from "./exit.js";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Makes the `completion` command, which reads the descriptions of all commands. */
export const completionFor = (others: () => readonly Command[]): Command =>
  command({
    name: "completion",
    summary: "print a completion script for bash, zsh or fish",
    about: "Prints a script with which the shell completes commands, their options and the names of endpoints.",
    operands: { usage: SHELLS.join(" | "), min: 1, max: 1, suggestions: SHELLS },
    options: [],
    examples: [
      ["completion bash >> ~/.bashrc", "bash"],
      ['completion zsh > "${fpath[1]}/_kraken-signer"', "zsh"],
      ["completion fish > ~/.config/fish/completions/kraken-signer.fish", "fish"],
    ],
    shape: "{ shell, script }",
    async run(io, _, [shell = ""]) {
      if (!SHELLS.includes(shell as (typeof SHELLS)[number]))
        throw new UsageError(`Unknown shell. Completion scripts exist for ${SHELLS.join(", ")}.`);
      const script = { bash, zsh, fish }[shell as (typeof SHELLS)[number]](others());
      if (io.json) io.printJson({ shell, script });
      else io.print(script);
      return EXIT.done;
    },
  });

const top = (commands: readonly Command[]): string => [...commands.map(({ name }) => name), "help", "--help", "--version"].join(" ");
const optionsOf = ({ options }: Command): string => options.map(({ name }) => `--${name}`).join(" ");

/** Makes the cases of bash and zsh for the value after an option: a file name, or one of its choices. */
const valueCases = (commands: readonly Command[], files: string, oneOf: (list: string) => string): string[] =>
  commands.flatMap(({ name, options }) =>
    options
      .filter(({ value }) => value)
      .map(({ name: option, value, choices }) => {
        const action = choices ? oneOf(choices.join(" ")) : value === "FILE" ? files : ":";
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
    ...commands.flatMap(({ name, operands: { suggestions } }) =>
      suggestions ? [`    ${name}:*) [ "$COMP_CWORD" -ne 2 ] || ${reply(suggestions.join(" "))} ;;`] : [],
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
    ...commands.flatMap(({ name, operands: { suggestions } }) =>
      suggestions ? [`    ${name}:*) (( CURRENT != 3 )) || ${add(suggestions.join(" "))} ;;`] : [],
    ),
    "  esac",
    "}",
    // From a file in fpath, zsh runs the script as the function itself. If it is sourced, it must register the function.
    'if [ "$funcstack[1]" = "_kraken-signer" ]; then _kraken_signer "$@"; else compdef _kraken_signer kraken-signer; fi',
  ].join("\n");
}

function fish(commands: readonly Command[]): string {
  const text = (value: string): string => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const say = "complete -c kraken-signer";
  const within = (name: string): string => `${say} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    "# fish completion for kraken-signer",
    `${say} -f`,
    ...commands.map(({ name, summary }) => `${say} -n __fish_use_subcommand -a ${name} -d ${text(summary)}`),
    `${say} -n __fish_use_subcommand -a help -d 'print the help of a command'`,
    `${say} -n __fish_use_subcommand -l help -d 'print the help'`,
    `${say} -n __fish_use_subcommand -l version -d 'print the version'`,
    ...commands.flatMap(({ name, options, operands: { suggestions } }) => [
      ...options.map(({ name: option, value, choices, help }) => {
        const takes = !value ? "" : choices ? ` -x -a ${text(choices.join(" "))}` : value === "FILE" ? " -r -F" : " -x";
        return `${within(name)} -l ${option}${takes} -d ${text(help)}`;
      }),
      ...(suggestions ? [`${within(name)} -a ${text(suggestions.join(" "))}`] : []),
    ]),
  ].join("\n");
}
