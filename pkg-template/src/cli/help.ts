// Help texts, made from the descriptions of the commands.
import type { Command, Option } from "./command.js";
import { EXIT_HELP } from "./exit.js";
import { type Io, aligned } from "./io.js";
import { VARIABLES } from "./secrets.js";

const WIDTH = 96;

/** Breaks a paragraph into lines. */
function filled(text: string, indent = "", width = WIDTH - indent.length): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => indent + line).join("\n");
}

const usageOf = ({ name, value, choices }: Option): string =>
  `--${name}${value ? ` ${choices ? choices.join("|") : value}` : ""}${name === "help" ? ", -h" : ""}`;

// npm ends at a signal by itself, and does not always pass it on.
const exits = `${aligned(
  EXIT_HELP.map(([code, meaning]) => [`${code}`, meaning]),
  "  ",
  "  ",
)}\n${filled("If a signal ends npx or npm run, their exit code says nothing. In scripts, start node_modules/.bin/kraken-signer.", "  ")}`;
const secrets = `${aligned(VARIABLES, "  ", "  ")}\n${filled("Or give them in a file (--secret-file, --otp-file), or at a prompt that shows nothing. Arguments that look like secrets are refused.", "  ")}`;

/** The help of the program. */
export function help({ style }: Io, commands: readonly Command[]): string {
  return [
    "Signatures, nonces and two-factor codes for Kraken's private APIs.",
    `${style.bold("Usage")}\n  kraken-signer <command> [options]\n  kraken-signer <command> --help`,
    `${style.bold("Commands")}\n${aligned(
      commands.map(({ name, summary }) => [name, summary]),
      "  ",
      "  ",
    )}`,
    `${style.bold("Secrets")}\n${secrets}`,
    `${style.bold("Exit codes")}\n${exits}`,
    "Results go to standard output, everything else to standard error. NO_COLOR is respected. --version prints the version.",
  ].join("\n\n");
}

/** The help of one command. */
export function helpOf({ style }: Io, { name, about, operands, options, examples, shape }: Command): string {
  const usage = ["kraken-signer", name, operands.usage, "[options]"].filter(Boolean).join(" ");
  const margin = Math.max(...options.map((option) => usageOf(option).length)) + 4;
  const rows = options.map((option): [string, string] => [usageOf(option), filled(option.help, "", WIDTH - margin)]);
  return [
    filled(about),
    `${style.bold("Usage")}\n  ${usage}`,
    `${style.bold("Options")}\n${aligned(rows, "  ", "  ")}`,
    ...(options.some((option) => /^(secret|otp)-file$/.test(option.name)) ? [`${style.bold("Secrets")}\n${secrets}`] : []),
    `${style.bold("Examples")}\n${examples.map(([line, purpose]) => `  ${style.dim(`# ${purpose}`)}\n  kraken-signer ${line}`).join("\n")}`,
    `${style.bold("With --json")}\n${filled(shape, "  ")}\n${filled('Errors, as the last line of standard error: { "error": { code, message, … } }', "  ")}`,
    `${style.bold("Exit codes")}\n${exits}`,
  ].join("\n\n");
}
