// Reads the arguments. Refuses secrets among them, and options that the command does not have.
import { parseArgs } from "node:util";
import { nearest } from "../checks.js";
import type { Command } from "./command.js";
import { UsageError } from "./exit.js";

/** Environment variables that hold secrets. */
export const SECRET_VARIABLES = ["KRAKEN_SECRET", "KRAKEN_FUTURES_SECRET", "KRAKEN_OTP_SETUP_KEY", "KRAKEN_OTP_PASSWORD"] as const;

/** Names of parameters whose values may look like a setup key but are public, such as ids and addresses in base32. */
const PUBLIC_NAMES = /((^|_|ord|order|ref|tx|u)ids?|(^|_)(address|key|userref|memo))\]?$/i;

/** Refuses secrets before anything else reads the arguments. The message repeats no part of them. */
export function refuseSecrets(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  const known = SECRET_VARIABLES.flatMap((name) => ((env[name]?.length ?? 0) >= 6 ? [env[name]!] : []));
  argv.forEach((argument, index) => {
    const [, name = "", value = argument] = /^-*([\w.[\]-]+)=(.*)$/s.exec(argument) ?? [];
    const previous = /^--([\w-]+)$/.exec(argv[index - 1] ?? "")?.[1] ?? "";
    const what =
      known.some((secret) => argument.includes(secret)) || isPrivateKey(argument) || isPrivateKey(value)
        ? "a private key"
        : /otpauth(-migration)?:/i.test(argument) || ((isSetupKey(argument) || isSetupKey(value)) && !PUBLIC_NAMES.test(name || previous))
          ? "a two-factor setup key"
          : /^-+(api|private|kraken)?[_-]?(secret|private[_-]?key|setup[_-]?key|password|passphrase|otp|otp[_-]?(password|setup[_-]?key))(=|$)/i.test(
                argument,
              )
            ? "an option for a secret"
            : undefined;
    if (what)
      throw new UsageError(
        `Argument ${index + 1} looks like ${what}. Arguments are kept in the shell's history and shown in the list of processes, ` +
          "so a secret that was typed there has leaked: replace it at Kraken. " +
          "Pass secrets in the environment, in a file or at the prompt: see kraken-signer --help.",
      );
  });
}

/** Whether a text looks like a private key: base64 of 64 bytes, perhaps with a few characters lost. */
export function isPrivateKey(text: string): boolean {
  const core = text.replace(/\s/g, "");
  return /^[\w+/-]{82,88}={0,2}$/.test(core) && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(core));
}

/** Whether a text looks like a setup key: base32 of 10 bytes or more, in one case, perhaps in groups. A word has no digits. */
function isSetupKey(text: string): boolean {
  const core = text.replace(/[\s-]/g, "");
  return /^([A-Z2-7]{16,}|[a-z2-7]{16,})=*$/.test(core) && /[2-7]/.test(core) && /[a-z]/i.test(core);
}

function unknownOption({ name, options }: Command, given: string, shown: string): UsageError {
  const meant = nearest(
    given,
    options.map((one) => one.name),
  );
  return new UsageError(`${name} has no ${shown}. ${meant ? `Did you mean --${meant}?` : `See kraken-signer ${name} --help.`}`);
}

/** Reads the options and operands of a command. */
export function parse(command: Command, argv: readonly string[]): { values: Record<string, string | boolean>; operands: string[] } {
  const options = Object.fromEntries(
    command.options.map(({ name, value }) => [
      name,
      { type: value ? ("string" as const) : ("boolean" as const), ...(name === "help" && { short: "h" }) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const switches = command.options.filter(({ value }) => !value).map(({ name }) => [name, false]);
  const values = Object.fromEntries(switches) as Record<string, string | boolean>;
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const option = command.options.find(({ name }) => name === token.name);
    const shown = /^[\w-]{1,40}$/.test(token.name) ? (token.name.length > 1 ? `--${token.name}` : `-${token.name}`) : "this option";
    if (!option) throw unknownOption(command, token.name, shown);
    if (token.name in values && option.value) throw new UsageError(`${shown} is given twice.`);
    if (!option.value) {
      if (token.value !== undefined) throw new UsageError(`${shown} takes no value.`);
      values[token.name] = true;
      continue;
    }
    // A value that begins with a dash is really the next option, unless it is a single dash or joined with =.
    if (!token.value || (!token.inlineValue && /^-./.test(token.value)))
      throw new UsageError(`${shown} needs a value: ${shown} ${option.value}.`);
    if (option.choices && !option.choices.includes(token.value))
      throw new UsageError(`${shown} must be one of ${option.choices.join(", ")}.`);
    values[token.name] = token.value;
  }
  const { min, max, usage } = command.operands;
  if (!values.help && (operands.length < min || operands.length > max))
    throw new UsageError(
      `${command.name} takes ${usage || "options only"}, but got ${operands.length === 1 ? "1 operand" : `${operands.length} operands`}. See kraken-signer ${command.name} --help.`,
    );
  return { values, operands };
}
