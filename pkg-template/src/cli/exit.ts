/** Exit codes. A number never changes its meaning. */
export const EXIT = {
  done: 0,
  /** Kraken rejected it, or a part of it; or something looks wrong. */
  wrong: 1,
  /** Nothing was sent: an argument or a secret is missing or malformed, or the question was answered with no. */
  notSent: 2,
  /** It was sent, and nothing proves whether it was carried out. */
  unknown: 3,
  /** No answer, or a result that could not be read or written; nothing was changed. */
  noAnswer: 4,
  /** A bug in this program. */
  internal: 70,
  /** Stopped by a signal, with nothing changed: 128 and the signal's number. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit codes, as the help explains them. */
export const EXIT_HELP: readonly (readonly [number, string])[] = [
  [EXIT.done, "done; any change was made, even if the answer could not be printed"],
  [EXIT.wrong, "Kraken rejected it, or a part of a batch, as the error says; or something looks wrong"],
  [EXIT.notSent, "nothing was sent: an argument or secret is wrong, or you answered no"],
  [EXIT.unknown, "sent, but it is unknown whether it was carried out: find out before you repeat it"],
  [EXIT.noAnswer, "no answer, or a result that could not be read or written; nothing was changed"],
  [EXIT.internal, "a bug in this program; nothing was changed"],
  [EXIT.hungUp, "stopped by SIGHUP; nothing was changed"],
  [EXIT.interrupted, "stopped by Ctrl-C (SIGINT); nothing was changed"],
  [EXIT.terminated, "stopped by SIGTERM; nothing was changed"],
];

/** A mistake that the user can correct. Nothing was sent. */
export class UsageError extends Error {}

/** The signals that stop the program, with the exit code of each if nothing was changed. */
export const SIGNALS = { SIGHUP: EXIT.hungUp, SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** A signal told the program to stop. */
export class Interrupted extends Error {
  constructor(readonly signal: keyof typeof SIGNALS) {
    super(`Stopped by ${signal === "SIGINT" ? "Ctrl-C (SIGINT)" : signal}.`);
  }
}

/** A result could not be written. */
export class OutputError extends Error {
  /**
   * @param reason - the system's code, such as `ENOSPC`
   * @param place - a file's name, or standard output
   */
  constructor(
    readonly reason: string,
    readonly place = "standard output",
  ) {
    super(`${place} cannot be written (${reason}).`);
  }
}
