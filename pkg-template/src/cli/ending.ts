// However the process ends: with the code that says what happened, and with a text on whatever stream is left.
import { Interrupted, SIGNALS } from "./exit.js";
import { failureOf } from "./failure.js";
import type { Io } from "./io.js";

/** Tells of an error, and returns what to exit with. */
export async function fail(io: Io, error: unknown): Promise<number> {
  const { exit, text } = failureOf(io, error);
  io.progress.settle(exit);
  await io.tell(text);
  return exit;
}

/** Ends the process at once. What is being told already is not told again. Runtimes leave a terminal as they found it. */
function endNow(io: Io, error: unknown): never {
  const { exit, text } = failureOf(io, error);
  const code = io.progress.exit ?? exit;
  if (!io.isTelling) io.tellNow(text);
  process.exit(code);
}

/**
 * Heeds signals, and what would end the process by itself. A command that has sent something is given the chance to say what it knows; a second
 * signal ends the process at once.
 */
export function guardEnding(io: Io): void {
  let isWindingUp = false;
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[])
    process.on(signal, () => {
      const reason = new Interrupted(signal);
      if (!isWindingUp && io.windUp?.(reason)) isWindingUp = true;
      else endNow(io, reason);
    });
  // By itself, it would end with 1: Kraken rejected it.
  process.on("uncaughtException", (error) => endNow(io, error));
  // Or with whatever the code is, when nothing is left that could go on.
  process.on("beforeExit", () => endNow(io, new Error("The program came to its end too early.")));
}
