#!/usr/bin/env node
// The command line: finds the command, runs it, and exits with the code for its outcome.
import "#core";
import { nearest } from "../checks.js";
import { version } from "../generated/version.js";
import { parse, refuseSecrets } from "./arguments.js";
import { call } from "./call.js";
import { check } from "./check.js";
import type { Command } from "./command.js";
import { completionFor } from "./completion.js";
import { fail, guardEnding } from "./ending.js";
import { exchange } from "./exchange.js";
import { EXIT, UsageError } from "./exit.js";
import { help, helpOf } from "./help.js";
import { investigate } from "./investigate.js";
import { Io } from "./io.js";
import { nonce } from "./nonce.js";
import { sign } from "./sign.js";
import { totp } from "./totp.js";

const commands: readonly Command[] = [check, call, sign, totp, nonce, investigate, exchange, completionFor(() => commands)];

function commandNamed(name: string): Command {
  const found = commands.find((one) => one.name === name);
  const meant = nearest(
    name,
    commands.map((one) => one.name),
  );
  if (!found && meant) throw new UsageError(`Unknown command. Did you mean kraken-signer ${meant}?`);
  if (!found)
    throw new UsageError(`Unknown command. The commands are ${commands.map((one) => one.name).join(", ")}: see kraken-signer --help.`);
  return found;
}

async function run(io: Io, argv: readonly string[]): Promise<number> {
  refuseSecrets(argv, process.env);
  const [first = "", ...rest] = argv;
  if (first === "--version") {
    if (io.json) io.printJson({ version });
    else io.print(version);
    return EXIT.done;
  }
  const asksHelp = /^(help|--help|-h)$/.test(first);
  if (!first || (asksHelp && !rest.length)) {
    if (first) io.print(help(io, commands));
    else io.note(help(io, commands));
    return first ? EXIT.done : EXIT.notSent;
  }
  const command = commandNamed(asksHelp ? rest[0]! : first);
  const { values, operands } = parse(command, asksHelp ? ["--help"] : rest);
  if (values.help) {
    io.print(helpOf(io, command));
    return EXIT.done;
  }
  return command.run(io, values, operands);
}

const argv = process.argv.slice(2);
const io = new Io(argv.includes("--json"), argv.includes("--futures"));
guardEnding(io);
run(io, argv)
  .then(async (code) => {
    await io.flush();
    return code;
  })
  .catch((error: unknown) => fail(io, error))
  .then((code) => process.exit(code));
