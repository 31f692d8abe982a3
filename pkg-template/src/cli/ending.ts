// Ends the process, for whatever reason, with the exit code that says what happened, and with a message on a stream that still works.
import { Interrupted, SIGNALS } from "./exit.js";
import { failureOf } from "./failure.js";
import type { Io } from "./io.js";

/** Reports an error, and returns the exit code. */
export async function fail(io: Io, error: unknown): Promise<number> {
  const { exit, text } = failureOf(io, error);
  io.progress.settle(exit);
  await io.report(text);
  return exit;
}

/** Ends the process at once. An error that is being reported already is not reported again. The runtime restores the terminal. */
function endNow(io: Io, error: unknown): never {
  const { exit, text } = failureOf(io, error);
  const code = io.progress.exit ?? exit;
  if (!io.isReporting) io.reportNow(text);
  process.exit(code);
}

/**
 * Handles signals and unexpected ends of the process. After a first signal, a command that has sent something may still report what it knows; a
 * second signal ends the process at once.
 */
export function guardEnding(io: Io): void {
  let isWindingUp = false;
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[])
    process.on(signal, () => {
      const reason = new Interrupted(signal);
      if (!isWindingUp && io.windUp?.(reason)) isWindingUp = true;
      else endNow(io, reason);
    });
  // Node's own exit code would be 1, which means that Kraken rejected the call.
  process.on("uncaughtException", (error) => endNow(io, error));
  // Nothing is left to wait for, but the command has not finished. The process would end without a message.
  process.on("beforeExit", () => endNow(io, new Error("The program ended too early.")));
}
