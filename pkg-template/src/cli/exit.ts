/** What the process ends with. A number never changes its meaning. */
export const EXIT = {
  fine: 0,
  /** Kraken refused, or something looks wrong. */
  wrong: 1,
  /** Nothing was sent: an argument or a secret is missing or malformed, or the question was answered with no. */
  notSent: 2,
  /** It was sent, and nobody knows whether it was carried out. */
  unknown: 3,
  /** No answer, or none that can be read; nothing was changed. */
  noAnswer: 4,
  /** A mistake in this program. */
  internal: 70,
  /** Ctrl-C, with nothing changed. */
  interrupted: 130,
} as const;

/** The same for readers of the help. */
export const EXIT_HELP: readonly (readonly [number, string])[] = [
  [EXIT.fine, "fine"],
  [EXIT.wrong, "Kraken refused, or something looks wrong"],
  [EXIT.notSent, "nothing was sent: arguments, secrets, or you said no"],
  [EXIT.unknown, "sent, and not known whether it was carried out: look before you repeat it"],
  [EXIT.noAnswer, "no answer, or none that can be read; nothing was changed"],
  [EXIT.internal, "a mistake in this program"],
  [EXIT.interrupted, "interrupted; nothing was changed"],
];

/** What the person at the keyboard can put right. Nothing was sent. */
export class UsageError extends Error {}

/** Ctrl-C. */
export class Interrupted extends Error {}
