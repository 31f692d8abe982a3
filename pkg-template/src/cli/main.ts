#!/usr/bin/env node
// The command line: finds the command, runs it, and ends with what became of it.
import "#core";
import { version } from "../generated/version.js";
import { parse, refuseSecrets } from "./arguments.js";
import { call } from "./call.js";
import { check } from "./check.js";
import type { Command } from "./command.js";
import { completionFor } from "./completion.js";
import { EXIT, UsageError } from "./exit.js";
import { fail } from "./failure.js";
import { help, helpOf } from "./help.js";
import { investigate } from "./investigate.js";
import { Io } from "./io.js";
import { nonce } from "./nonce.js";
import { sign } from "./sign.js";
import { totp } from "./totp.js";

const commands: readonly Command[] = [check, call, sign, totp, nonce, investigate, completionFor(() => commands)];

function commandNamed(name: string): Command {
  const found = commands.find((one) => one.name === name);
  if (!found)
    throw new UsageError(`There is no such command. There are ${commands.map((one) => one.name).join(", ")}: see kraken-signer --help.`);
  return found;
}

async function run(io: Io, argv: readonly string[]): Promise<number> {
  refuseSecrets(argv, process.env);
  const [first = "", ...rest] = argv;
  if (first === "--version") {
    if (io.json) io.printJson({ version });
    else io.print(version);
    return EXIT.fine;
  }
  const asksHelp = /^(help|--help|-h)$/.test(first);
  if (!first || (asksHelp && !rest.length)) {
    if (first) io.print(help(io, commands));
    else io.note(help(io, commands));
    return first ? EXIT.fine : EXIT.notSent;
  }
  const command = commandNamed(asksHelp ? rest[0]! : first);
  const { values, operands } = parse(command, asksHelp ? ["--help"] : rest);
  if (values.help) {
    io.print(helpOf(io, command));
    return EXIT.fine;
  }
  return command.run(io, values, operands);
}

// A reader that has seen enough, such as head, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const argv = process.argv.slice(2);
const io = new Io(argv.includes("--json"));
run(io, argv)
  .catch((error: unknown) => fail(io, error, argv.includes("--futures")))
  .then((code) => {
    process.exitCode = code;
    io.terminal.close();
  });
